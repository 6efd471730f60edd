namespace Pharos.Storage.Text;

/// <summary>A pattern that RE2 would reject; the message is worded as Go's <c>regexp</c> words it.</summary>
public sealed class GoRegexException(string message) : FormatException(message);
