using System.Globalization;
using Pharos.Storage.Text;

namespace Pharos.Collection.Receivers.Traces.Sampling;

/// <summary>Which traces are kept, decided when all of their spans should be here. A trace that satisfies one policy is kept.</summary>
public sealed record TailSamplingOptions
{
    /// <summary>Keeps traces with a span that failed.</summary>
    public bool KeepsErrors { get; init; }

    /// <summary>Keeps traces that take as long, from the first start to the last end.</summary>
    public TimeSpan? SlowFrom { get; init; }

    /// <summary>Keeps so many spans a second of what no other policy keeps, whole traces only.</summary>
    public int? SpansPerSecond { get; init; }

    /// <summary>Keeps that share of traces, 0 to 1, by their id: every process that is asked keeps the same.</summary>
    public double? Share { get; init; }

    /// <summary>How long spans are waited for, from a trace's first one on.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Traces that wait; beyond, the one that waits longest is decided at once.</summary>
    public int MaxTraces { get; init; } = 50_000;

    /// <summary>Spans of them together; as <see cref="MaxTraces"/>.</summary>
    public int MaxSpans { get; init; } = 1_000_000;

    /// <summary>Decisions that are remembered, for spans that come after them.</summary>
    public int MaxDecisions { get; init; } = 200_000;

    /// <summary>Reads <c>errors,slow=500ms,share=10%,rate=100,wait=10s,traces=50000</c>, in any order and with any of them.</summary>
    /// <returns>Null with the reason where it is not that.</returns>
    public static TailSamplingOptions? Parse(string text, out string error)
    {
        var options = new TailSamplingOptions();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = equals < 0 ? (part, "") : (part[..equals], part[(equals + 1)..]);
            if (Read(options, name, value) is not { } read)
            {
                error = $"{GoQuote.Quote(part)} is none of errors, slow=500ms, share=10%, rate=100 (spans a second), wait=10s, traces=50000";
                return null;
            }
            options = read;
        }
        error = options is { KeepsErrors: false, SlowFrom: null, SpansPerSecond: null, Share: null }
            ? "nothing would be kept: name at least one of errors, slow, share and rate" : "";
        return error.Length == 0 ? options : null;
    }

    private static TailSamplingOptions? Read(TailSamplingOptions options, string name, string value) => name switch
    {
        "errors" when value.Length == 0 => options with { KeepsErrors = true },
        "slow" when GoDuration.TryParse(value, out var slow) && slow > TimeSpan.Zero => options with { SlowFrom = slow },
        "wait" when GoDuration.TryParse(value, out var wait) && wait > TimeSpan.Zero && wait <= TimeSpan.FromMinutes(10) => options with { Wait = wait },
        "rate" when Whole(value) is { } rate => options with { SpansPerSecond = rate },
        "traces" when Whole(value) is { } traces => options with { MaxTraces = traces },
        "share" when value.EndsWith('%') && double.TryParse(value[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
            && percent is >= 0 and <= 100 => options with { Share = percent / 100 },
        _ => null,
    };

    private static int? Whole(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}
