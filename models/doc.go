// Package models holds whole tasks: networks made of cells, with their losses,
// their predictions and their files.
//
// [LM] is the language model: it predicts the next token from all so far.
// [CharLM] joins it with a vocabulary, of characters or of words, and parameters into something that can be
// trained, scored, sampled, saved and loaded:
//
//	lm, err := models.NewCharLM(models.Config{Cell: "lstm", Embed: 32, Hidden: 128, Layers: 1}, vocab, 1)
//	task, err := lm.Task(ids, 32, 64)               // batches of 32, windows of 64
//	loop := train.Loop{Task: task, Optimiser: train.NewAdam(2e-3), Steps: 500}
//	...
//	gen, err := lm.Generator(models.Sampling{Temperature: 0.8, Seed: 1})
//	text, err := gen.Text("The ", 200)
//
// [Classifier] gives texts labels (many to one, the network [ManyToOne]): it is
// made for a tokenizer and labels, trained on documents, calibrated, asked:
//
//	m, err := models.NewClassifier(config, words, labels, 1)
//	doc, err := m.Document("not bad at all")        // and doc.Class
//	task, err := m.Task(docs, models.ClassifierTraining{Batch: 32})
//	...
//	answers, err := m.Predict("a waste of time")
//
// [Tagger] gives every token of a sequence a label (many to many, aligned: the
// network [Aligned]). [Tabular] predicts a number or a label of the rows of a
// table, from categories, numbers and a text ([Columns], the network [Joined]):
//
//	columns := models.Columns{models.Cat("tailnum", 16), models.OneHot("carrier"), models.Num("distance")}
//	features, err := columns.Fit(records, nil)      // vocabularies and scales
//	target, err := models.NumberTarget(delays)
//	t, err := models.NewTabular(models.TabularConfig{Body: []int{64}}, features, target, 1)
//
// [Forecaster] says the next values of a series (the network [NextValues]): it
// corrects a forecast that needs no learning, and gives quantiles:
//
//	m, err := models.NewForecaster(config, series.Head(600), 1)
//	task, err := m.Task(series.Head(600), models.ForecasterTraining{})
//	...
//	all, err := m.WalkForward(series, 600, 0)       // each from what was known before
//	next, err := m.Forecast(series)
//
// [WordVectors] are vectors of words that are alike where the words are used alike
// (the network [SkipGram]), with neighbours, analogies and word2vec's text format.
// [FeedForward] answers a row of numbers with a number or a label (the network
// [Perceptron], one to one).
//
// [Captioner] says what pictures show (one to many, the network [OneToMany]): it
// sees through convolutions, and writes with or without attention:
//
//	m, err := models.NewCaptioner(config, words, 1)
//	example, err := m.Example(picture, "a red circle left of a blue square")
//	task, err := m.Task(examples, models.CaptionerTraining{Augment: models.Augment{Shift: 2}})
//	...
//	found, err := m.Caption(models.Search{Beam: 4, Best: 3, Penalty: 1}, pictures...)
//
// A language model can be watched while it reads, and its gradient be taken apart:
//
//	in, err := m.LookInside("the cat sat", models.Look{Routes: true})
//	rec, err := m.Record(text)                      // surprise, gates and states of every token
//	found, err := m.FindUnits(text, 2, models.TextFeatures()...)
//
// Each model's Task takes what is trained on and how: a [ClassifierTraining] and so on, a [Training]
// where batch and seed are all there is to choose. [BatchTask] is the training of all models of
// separate examples, [Recurrent] what the configurations of recurrent models share.
//
// [Sampling] says how the next token is drawn. A model is one file: parameters
// under PyTorch's names, configuration and vocabulary in one safetensors.
package models
