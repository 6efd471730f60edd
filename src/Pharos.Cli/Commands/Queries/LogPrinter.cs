using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pharos.Storage.Text;

namespace Pharos.Cli.Commands.Queries;

/// <summary>Writes lines as logcli does: time, labels and line; the line alone; or one JSON object a line.</summary>
internal sealed class LogPrinter(TextWriter output, TextWriter notes)
{
    /// <summary>What is printed is no part of a page.</summary>
    private static readonly JsonSerializerOptions ForTerminals = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private bool _saidCommon;

    public string Output { get; init; } = "default";

    public bool ShowsLabels { get; init; } = true;

    public IReadOnlyList<string> Include { get; init; } = [];

    public IReadOnlyList<string> Exclude { get; init; } = [];

    public bool IsQuiet { get; init; }

    public bool IsUtc { get; init; }

    public void Print(IReadOnlyList<LogLine> lines)
    {
        var common = Output == "default" && ShowsLabels && Include.Count == 0 ? Common(lines) : [];
        if (common.Count > 0 && !IsQuiet && !_saidCommon)
        {
            notes.WriteLine($"Common labels: {Text(common)}");
            _saidCommon = true;
        }
        foreach (var line in lines)
        {
            output.WriteLine(Output switch
            {
                "raw" => line.Line,
                "jsonl" => Json(line),
                _ => Plain(line, common),
            });
        }
    }

    private string Plain(LogLine line, IReadOnlyDictionary<string, string> common)
    {
        var labels = line.Labels.Where(label => ShowsLabels && !common.ContainsKey(label.Key) && !Exclude.Contains(label.Key)
            && (Include.Count == 0 || Include.Contains(label.Key)));
        return ShowsLabels ? $"{Time(line.TimeNs)} {Text(labels)} {line.Line}" : $"{Time(line.TimeNs)} {line.Line}";
    }

    private string Json(LogLine line) => JsonSerializer.Serialize(new
    {
        labels = line.Labels.Where(label => !Exclude.Contains(label.Key) && (Include.Count == 0 || Include.Contains(label.Key)))
            .ToDictionary(static label => label.Key, static label => label.Value, StringComparer.Ordinal),
        line = line.Line,
        timestamp = ExactTime(line.TimeNs),
    }, ForTerminals);

    /// <summary>Labels that all lines have, where there is more than one stream to tell apart or to spare.</summary>
    private static Dictionary<string, string> Common(IReadOnlyList<LogLine> lines)
    {
        if (lines.Count == 0)
        {
            return [];
        }
        var common = new Dictionary<string, string>(lines[0].Labels, StringComparer.Ordinal);
        foreach (var line in lines)
        {
            foreach (var (name, value) in common.ToArray())
            {
                if (line.Labels.GetValueOrDefault(name) != value)
                {
                    common.Remove(name);
                }
            }
        }
        return common;
    }

    private string Time(long timeNs) => IsUtc ? NanosecondTime.Format(timeNs) : Local(timeNs, fraction: "");

    private string ExactTime(long timeNs)
    {
        var exact = NanosecondTime.Format(timeNs);
        var point = exact.IndexOf('.', StringComparison.Ordinal);
        return IsUtc ? exact : Local(timeNs, point < 0 ? "" : exact[point..^1]);
    }

    private static string Local(long timeNs, string fraction)
    {
        var time = DateTimeOffset.UnixEpoch.AddTicks((long)Math.Floor(timeNs / (decimal)TimeSpan.NanosecondsPerTick)).ToLocalTime();
        var zone = time.Offset == TimeSpan.Zero ? "Z" : time.ToString("zzz", CultureInfo.InvariantCulture);
        return $"{time.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)}{fraction}{zone}";
    }

    private static string Text(IEnumerable<KeyValuePair<string, string>> labels) =>
        $"{{{string.Join(", ", labels.OrderBy(static label => label.Key, StringComparer.Ordinal)
            .Select(static label => $"{label.Key}={GoQuote.Quote(label.Value)}"))}}}";
}
