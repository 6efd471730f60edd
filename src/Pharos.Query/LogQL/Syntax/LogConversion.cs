namespace Pharos.Query.LogQL.Syntax;

/// <summary>How the text of an unwrapped label is read.</summary>
public enum LogConversion
{
    /// <summary>As a float.</summary>
    None,

    /// <summary>A size such as <c>5 MiB</c>, as bytes.</summary>
    Bytes,

    /// <summary>Go's durations, as seconds; <c>duration_seconds</c> is the same.</summary>
    Duration,
}
