package datasets

// LoadTextLimited is LoadText with a limit that a test can reach.
var LoadTextLimited = loadText
