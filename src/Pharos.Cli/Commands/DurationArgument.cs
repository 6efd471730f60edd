using Pharos.Storage.Text;

namespace Pharos.Cli.Commands;

/// <summary>Durations of flags: as Go's programs take them (<c>1m30s</c>, <c>10ms</c>), and as Prometheus' files write them (<c>1d</c>).</summary>
internal static class DurationArgument
{
    /// <exception cref="FormatException">It is neither.</exception>
    public static TimeSpan Parse(string text) =>
        GoDuration.TryParse(text, out var duration) || PrometheusDuration.TryParse(text, out duration)
            ? duration : throw new FormatException($"time: invalid duration {GoQuote.Quote(text)}");
}
