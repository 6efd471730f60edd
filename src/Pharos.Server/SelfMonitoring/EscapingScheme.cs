namespace Pharos.Server.SelfMonitoring;

/// <summary>How a name is written for a reader that knows only the names from before Prometheus 3.</summary>
internal enum EscapingScheme
{
    /// <summary>What is not allowed becomes an underscore: lossy, and what old readers get.</summary>
    Underscores,

    /// <summary>Not at all: the reader takes every name.</summary>
    AllowUtf8,

    /// <summary>Dots become <c>_dot_</c>, underscores double: can be undone as long as there is nothing else.</summary>
    Dots,

    /// <summary><c>U__</c> in front, and each character that is not allowed by its number: can be undone.</summary>
    Values,
}
