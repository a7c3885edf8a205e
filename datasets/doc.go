// Package datasets turns text, tables and pictures into the numbers that a recurrent network reads: readers, vocabularies,
// splits, batches for truncated back-propagation through time, and the n-gram baselines that say what a loss is worth.
// Everything is plain Go slices; the package knows nothing of graphs or models.
//
// The types that matter are [Tokenizer], which maps text to ids and back, [Table], which reads the named columns of tab- and
// comma-separated files, [Stream], which cuts a text into training windows for B lanes, and [NGram], the count model whose
// cross entropy a network has to beat. [EvalWindows] is the counterpart of Stream for measuring a loss: it scores every
// prediction exactly once.
//
//	text, err := datasets.LoadText("corpus", "*.txt")
//	vocab, err := datasets.NewVocab(datasets.VocabOptions{}, text)
//	ids, err := vocab.Encode(text)
//	train, valid, err := datasets.Split(ids, 0.9)
//	stream, err := datasets.NewStream(train, 32, 64)
//	for range 10 * stream.Windows() { // ten epochs
//		x, y, first := stream.Next() // [T, B] each, time-major: x[t*B+b]
//		...                          // first: the epoch begins, so the state is zero again
//	}
//
// There are four tokenisers, and [MarshalTokenizer] stores any of them in a model's file:
//
//	            tokens                                    Decode(Encode(text)) is text
//	Vocab       runes; Hangul in NFC: its syllables       if every rune has an entry
//	Bytes       the 256 bytes                             always
//	Words       words by frequency, "other" last          if every word has an entry, up to white space: see there
//	Jamo        the letters of Hangul, and other runes    if every rune has an entry, in NFC
//
// Examples of any kind become batches by [Batches], or by [Batched] if they do not fit in memory: rows of about equal
// length side by side, short batches filled with rows of weight 0, any batch of any epoch by its number. [Pad] and
// [PadVectors] lay their rows out time-major. Examples come from a [Series] of numbers, scaled by a [Scaler] and cut by
// [Series.Windows], with the [Naive] forecasts as what to beat; from pictures in an [IDX] file; and from tasks that are generated
// and have a Baseline: [Adding], [CopyMemory], [TemporalOrder], [SequentialMNIST], [AnBn], [Brackets], [KoreanDates] and
// the table of [Rents].
//
// Sentence pairs for translation come from columns of a table, [ReadPairs]; pictures from PNG, JPEG and GIF files, IDX arrays,
// ZIP archives and directories, [LoadImages], and their captions from tables or lines of JSON, [LoadCaptioned]. [HoldOutBy]
// splits them so that what belongs together is on one side. Generated tasks of both kinds are [Copying], [Reversing],
// [Addition], [EnglishDates], [Shapes] and [Mosaics].
//
// [Categories] number the values of a column, or the tokens of sentences that [ReadSentences] reads with their labels.
//
// Invariants: text is valid UTF-8 everywhere, and whatever is not is refused with its byte offset, never repaired.
// Decode(Encode(text)) is text. Nothing is random but by a seed: the same input gives the same ids,
// windows, batches and numbers on any machine. Windows of a text are time-major, and their targets are their inputs
// shifted by one token.
package datasets
