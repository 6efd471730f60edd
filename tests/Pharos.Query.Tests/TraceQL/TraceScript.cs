using System.Globalization;
using Pharos.Query.TraceQL;
using Pharos.Query.TraceQL.Results;
using Pharos.Query.TraceQL.Syntax;
using Pharos.Query.TraceQL.Values;
using Pharos.Storage.Text;
using Pharos.Storage.Traces;

namespace Pharos.Query.Tests.TraceQL;

/// <summary>Runs one script (*.tracetest) against a store. A line is a command:
/// <code>
/// load                                          forgets what was loaded
/// trace 7                                       spans that follow are of this trace
/// span b a 10ms 20ms server error key=1 resource.k="v" name="GET" message="m" scope:name="lib"
///                                               name, parent (- for none), start, duration, kind and status where they are said
/// event b 12ms exception key="v"                of a span, after the whole hour
/// link b 7/a key="v"
/// QUERY => 7: a b [count()=2] | c; 8: d         which spans of which traces, set by set; => none, => error: TEXT
/// show QUERY => 7: a{status=error}              with what is shown of each span
/// range 0s..60s/30s: QUERY => {a="b"} 1 _ 3     numbers for each time; _ for none
/// total 0s..60s: QUERY => {a="b"} 4
/// print QUERY => TEXT                           as it is understood
/// </code>
/// Times are after a whole hour. A span's id is its letter, and its name where nothing else is said.</summary>
internal sealed class TraceScript(ITraceStore store, Action flush)
{
    private const long StartNs = 1_700_002_800_000_000_000;

    private static readonly TraceEngine Engine = new(new TraceEngineOptions(), TimeProvider.System);

    private ScriptSpans _spans = new("", StartNs);
    private int _loads;

    public int Passed { get; private set; }

    public List<string> Problems { get; } = [];

    public async Task RunAsync(string file)
    {
        var lines = await File.ReadAllLinesAsync(file);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }
            try
            {
                await CommandAsync(line);
            }
            catch (Exception problem) when (problem is not OutOfMemoryException)
            {
                Problems.Add($"{Path.GetFileName(file)}:{i + 1}: {line}\n    {problem.Message}");
            }
        }
    }

    private async Task CommandAsync(string line)
    {
        if (line == "load")
        {
            _spans = new ScriptSpans($"{Path.GetRandomFileName()}{_loads++}", StartNs);
            return;
        }
        if (_spans.TryAdd(line))
        {
            return;
        }
        _spans.AppendTo(store);
        flush();
        var arrow = line.LastIndexOf(" => ", StringComparison.Ordinal);
        var actual = await AnswerAsync(line[..arrow]);
        if (line[(arrow + 4)..].Trim() != actual)
        {
            throw new InvalidDataException($"got {actual}");
        }
        Passed++;
    }

    private async Task<string> AnswerAsync(string question)
    {
        try
        {
            var word = question[..Math.Max(0, question.IndexOf(' ', StringComparison.Ordinal))];
            switch (word)
            {
                case "print":
                    return TraceParser.Parse(question["print ".Length..]).ToString();
                case "range" or "total":
                    var colon = question.IndexOf(": ", StringComparison.Ordinal);
                    return Print(await MeasureAsync(question[(word.Length + 1)..colon], TraceParser.Parse(question[(colon + 2)..])));
                default:
                    var shows = word == "show";
                    var request = new TraceSearchRequest { Tenant = _spans.Tenant, Limit = 100, SpansPerSet = 100 };
                    var query = TraceParser.Parse(shows ? question["show ".Length..] : question);
                    return Print(await Engine.SearchAsync(store, query, request, CancellationToken.None), shows);
            }
        }
        catch (TraceParseException problem)
        {
            return $"error: {problem.Message}";
        }
        catch (TraceQueryException problem)
        {
            return $"error: {problem.Message}";
        }
    }

    private Task<TraceMetricsResult> MeasureAsync(string times, TraceQuery query)
    {
        var dots = times.IndexOf("..", StringComparison.Ordinal);
        var slash = times.IndexOf('/', StringComparison.Ordinal);
        return Engine.MeasureAsync(store, query, new TraceMetricsRequest
        {
            Tenant = _spans.Tenant,
            StartNs = StartNs + ScriptSpans.Ns(times[..dots]),
            EndNs = StartNs + ScriptSpans.Ns(times[(dots + 2)..(slash < 0 ? times.Length : slash)]),
            StepNs = slash < 0 ? 0 : ScriptSpans.Ns(times[(slash + 1)..]),
        }, CancellationToken.None);
    }

    private string Print(TraceSearchResult result, bool shows)
    {
        var traces = result.Traces.OrderBy(static trace => trace.Summary.Id).Select(trace =>
            $"{trace.Summary.Id.Low:x}: {string.Join(" | ", trace.Sets.Select(set => Print(set, shows)))}");
        return string.Join("; ", traces) is { Length: > 0 } text ? text : "none";
    }

    private string Print(FoundSpanset set, bool shows)
    {
        var spans = string.Join(' ', set.Spans.OrderBy(static found => found.Span.SpanId)
            .Select(found => _spans.LetterOf(found.Span) + (shows ? $"{{{Pairs(found.Attributes)}}}" : "")));
        return set.Attributes.Count == 0 ? spans : $"{spans} [{Pairs(set.Attributes)}]";
    }

    private static string Pairs(IEnumerable<KeyValuePair<string, TraceValue>> pairs) =>
        string.Join(", ", pairs.Select(static pair => $"{pair.Key}={pair.Value.ToPlainText()}"));

    private static string Print(TraceMetricsResult result)
    {
        var series = result.Series.Select(static one => $"{one.LabelText} {string.Join(' ', one.Values.Select(Number))}");
        return string.Join("; ", series) is { Length: > 0 } text ? text : "none";
    }

    /// <summary>Ten digits tell enough of a number that no script can write as a sum.</summary>
    private static string Number(double value) => double.IsNaN(value) ? "_" : GoFloat.FormatF(double.IsFinite(value)
        ? double.Parse(value.ToString("G10", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : value);
}
