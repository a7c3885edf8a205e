// Package atomicfile replaces a file as a whole or not at all.
//
// Models and checkpoints are written through it, so a crash, a full disk or an
// error half way leaves the previous file as it was:
//
//	err := atomicfile.Write("model.safetensors", func(w io.Writer) error {
//		return safetensors.Write(w, file)
//	})
//
// Invariants:
//   - a reader that opens the path sees the old content or the new, never a mixture;
//   - after a failure before the rename the old file is untouched and the
//     temporary one is gone;
//   - after success the content and the name are on stable storage, as far as the
//     operating system keeps the promise of fsync.
//
// A process that is killed, or a machine that loses power, may leave a file named
// .unroll-*.tmp beside the target; it is never read and may be deleted.
package atomicfile
