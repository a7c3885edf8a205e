// Package safetensors reads and writes the safetensors format
// (https://github.com/huggingface/safetensors): named tensors of plain numbers and
// a string-to-string table, in a file that cannot run code.
//
//	8 bytes   length N of the header, unsigned, little-endian
//	N bytes   JSON: {"name": {"dtype", "shape", "data_offsets": [begin, end]}, "__metadata__": {...}},
//	          padded with spaces so that the data begins at a multiple of 8
//	the rest  the tensors' data, little-endian, row-major, without holes
//
// [File] is what a file holds, [Tensor] one entry of it. [Write] and [Read] convert
// between them and a stream:
//
//	f := &safetensors.File{
//		Metadata: map[string]string{"model": "charlm"},
//		Tensors:  []safetensors.Tensor{safetensors.FromFloat32s("layer0/Wx", []int{2, 3}, values)},
//	}
//	err := safetensors.Write(w, f)
//
// Invariants:
//   - equal files give equal bytes, in the order the reference implementation
//     uses: wider types first, which keeps data aligned, then by name;
//   - everything read is taken for hostile: each way of being wrong gives an error
//     with [ErrFormat] or [ErrChecksum] that names offset, wanted and got, and memory
//     is allocated in proportion to bytes that were read, not to bytes that were claimed;
//   - a file from [Write] carries a SHA-256 over header and data in its metadata,
//     and any one byte changed in it makes [Read] fail. Files without one are accepted.
package safetensors
