using System.Globalization;
using System.Text.Json;

namespace Pharos.Cli.Commands.Queries;

/// <summary>A line of an answer.</summary>
/// <param name="Labels">Of its stream.</param>
internal sealed record LogLine(long TimeNs, string Line, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>What tells two lines apart.</summary>
    public string Key => $"{TimeNs} {string.Join(',', Labels.Select(static pair => $"{pair.Key}={pair.Value}"))} {Line}";

    /// <summary>The lines of all streams in the order of their times.</summary>
    public static IReadOnlyList<LogLine> Of(JsonElement streams, bool isForward)
    {
        var lines = new List<LogLine>();
        foreach (var stream in streams.EnumerateArray())
        {
            var labels = stream.GetProperty("stream").EnumerateObject().OrderBy(static label => label.Name, StringComparer.Ordinal)
                .ToDictionary(static label => label.Name, static label => label.Value.GetString()!, StringComparer.Ordinal);
            lines.AddRange(stream.GetProperty("values").EnumerateArray().Select(value => new LogLine(
                long.Parse(value[0].GetString()!, CultureInfo.InvariantCulture), value[1].GetString()!, labels)));
        }
        return isForward ? [.. lines.OrderBy(static line => line.TimeNs)] : [.. lines.OrderByDescending(static line => line.TimeNs)];
    }
}
