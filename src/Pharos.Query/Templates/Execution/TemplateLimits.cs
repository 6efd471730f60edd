namespace Pharos.Query.Templates.Execution;

/// <summary>What one execution may use. A template beyond them fails with an error text, as any broken one.</summary>
public static class TemplateLimits
{
    /// <summary>Templates that call each other; Go allows 100,000, more than our stack would.</summary>
    public const int MaxDepth = 100;

    /// <summary>Executed nodes, over all loops.</summary>
    public const int MaxSteps = 300_000;

    public const int MaxOutputChars = 4 * 1024 * 1024;

    /// <summary>The longest text that a call may take or make.</summary>
    public const int MaxTextChars = 1024 * 1024;

    /// <summary>All texts that calls may take and make together.</summary>
    public const long MaxMadeChars = 64L * 1024 * 1024;

    /// <summary>The widest padding and the finest precision that <c>printf</c> takes: Go's own bound.</summary>
    public const int MaxFormatNumber = 1_000_000;
}
