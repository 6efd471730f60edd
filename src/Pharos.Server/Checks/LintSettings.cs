using Pharos.Storage.Text;

namespace Pharos.Server.Checks;

/// <summary>What promtool's <c>--lint</c> and <c>--lint-fatal</c> ask for beyond what is simply wrong.</summary>
public sealed record LintSettings
{
    public const string All = "all";
    public const string DuplicateRules = "duplicate-rules";
    public const string TooLongScrapeInterval = "too-long-scrape-interval";
    public const string None = "none";

    /// <summary>Two rules must not write the same series.</summary>
    public bool ChecksDuplicateRules { get; init; }

    /// <summary>A scrape interval must be shorter than this; zero for any.</summary>
    public TimeSpan LookbackDelta { get; init; }

    /// <summary>What is found makes the exit code 3.</summary>
    public bool Fatal { get; init; }

    /// <summary>Reads the option of <c>check rules</c>.</summary>
    /// <param name="output">Gets a line for each word that is not known.</param>
    public static LintSettings ForRules(string option, bool fatal, TextWriter output) => Read(option, fatal, TimeSpan.Zero, output);

    /// <summary>Reads the option of <c>check config</c>, which has one word more.</summary>
    public static LintSettings ForConfig(string option, bool fatal, TimeSpan lookbackDelta, TextWriter output)
    {
        var words = option.Split(',');
        if (words.Contains(None, StringComparer.Ordinal))
        {
            return new LintSettings { Fatal = fatal };
        }
        var tooLong = words.Any(static word => word is All or TooLongScrapeInterval);
        return Read(string.Join(',', words.Where(static word => word != TooLongScrapeInterval)), fatal,
            tooLong ? lookbackDelta : TimeSpan.Zero, output);
    }

    private static LintSettings Read(string option, bool fatal, TimeSpan lookbackDelta, TextWriter output)
    {
        var words = option.Length == 0 ? [] : option.Split(',');
        foreach (var word in words.Where(static word => word is not (All or DuplicateRules or None)))
        {
            output.WriteLine($"WARNING: unknown lint option: {GoQuote.Quote(word)}");
        }
        return new LintSettings
        {
            ChecksDuplicateRules = words.Any(static word => word is All or DuplicateRules),
            LookbackDelta = lookbackDelta,
            Fatal = fatal,
        };
    }
}
