using System.Globalization;
using System.Text;
using Pharos.Query.LogQL;
using Pharos.Query.LogQL.Results;
using Pharos.Storage.Logs;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Conformance.Tests.LogQL;

/// <summary>Runs one script (*.logtest) against a store. A line is a command:
/// <code>
/// load                                           forgets what was loaded
/// {app="a"} 10s..60s/10s "line $i" k="v"         entries of a stream: times, line, structured metadata; $i counts
/// at 60s: QUERY => {app="a"} 3; {} 1             instant query; => empty, => scalar 1, => error: TEXT
/// range 0s..60s/30s: QUERY => {app="a"} 1 _ 3    range query; _ for no value
/// lines 0s..60s forward limit 2: QUERY => 10s "x"; 20s "y"
/// entry {app="a"} "line" k="v"                   one entry, for the lines that follow
/// STAGES -> dropped | = | a="b" -c line "text"   what stages do to it: labels added or changed, taken away, the new line
/// </code>
/// Times are after a whole minute. With every entry comes the same one, a nanosecond later, in a stream that no query asks for.</summary>
internal sealed class LogScript(ILogStore store, Action flush)
{
    /// <summary>A whole minute and a whole hour.</summary>
    private const long StartNs = 1_700_002_800_000_000_000;

    private static readonly LogEngine Engine = new(new LogEngineOptions { MaxEntries = 0, MaxParallelism = 2 }, TimeProvider.System);

    private readonly LogBatch _batch = new();
    private string _tenant = "";
    private int _loads;
    private (LabelSet Stream, string Line, List<(string Name, string Value)> Metadata) _entry;

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
            _tenant = string.Create(CultureInfo.InvariantCulture, $"{Path.GetRandomFileName()}{_loads++}");
        }
        else if (line.StartsWith('{'))
        {
            Load(line);
        }
        else if (line.StartsWith("entry ", StringComparison.Ordinal))
        {
            await CommandAsync("load");
            var reader = new ScriptText(line["entry ".Length..]);
            _entry = (reader.Labels(), reader.Quoted(), reader.Pairs());
            Append(_entry.Stream, 0, _entry.Line, _entry.Metadata);
            flush();
        }
        else if (line.StartsWith('|') || line.StartsWith('!'))
        {
            var arrow = line.LastIndexOf(" -> ", StringComparison.Ordinal);
            Same(line[(arrow + 4)..], await StagesAsync(line[..arrow]));
        }
        else
        {
            var (head, rest) = (line[..line.IndexOf(": ", StringComparison.Ordinal)], line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..]);
            var arrow = rest.LastIndexOf(" => ", StringComparison.Ordinal);
            flush();
            Same(rest[(arrow + 4)..], await AnswerAsync(head.Split(' '), rest[..arrow]));
        }
    }

    private void Same(string expected, string actual)
    {
        if (expected.Trim() != actual)
        {
            throw new InvalidDataException($"got {actual}");
        }
        Passed++;
    }

    private void Load(string line)
    {
        var reader = new ScriptText(line);
        var stream = reader.Labels();
        var times = reader.Word();
        var text = reader.Quoted();
        var metadata = reader.Pairs();
        var dots = times.IndexOf("..", StringComparison.Ordinal);
        var from = Ns(dots < 0 ? times : times[..dots]);
        var to = dots < 0 ? from : Ns(times[(dots + 2)..times.IndexOf('/', StringComparison.Ordinal)]);
        var step = dots < 0 ? 1 : Ns(times[(times.IndexOf('/', StringComparison.Ordinal) + 1)..]);
        var count = 0;
        for (var at = from; at <= to; at += step)
        {
            var number = (++count).ToString(CultureInfo.InvariantCulture);
            Append(stream, at, text.Replace("$i", number, StringComparison.Ordinal),
                [.. metadata.Select(pair => (pair.Name, pair.Value.Replace("$i", number, StringComparison.Ordinal)))]);
        }
    }

    private void Append(LabelSet labels, long atNs, string line, IEnumerable<(string Name, string Value)> metadata)
    {
        foreach (var (stream, time) in ((LabelSet, long)[])[(labels, atNs), (LabelSet.From(("noise", "yes")), atNs + 1)])
        {
            _batch.BeginStream(store.Stream(_tenant, stream));
            _batch.Add(StartNs + time, ScriptText.Bytes(line));
            foreach (var (name, value) in metadata)
            {
                _batch.AddMetadata(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
            }
        }
        store.Append(_batch);
        _batch.Clear();
    }

    private async Task<string> StagesAsync(string stages)
    {
        var selector = _entry.Stream.ToBracedText();
        LogStreamsResult result;
        try
        {
            result = (LogStreamsResult)await Engine.QueryRangeAsync(store, _tenant, LogParser.Parse($"{selector} {stages}"),
                new LogRangeRequest(StartNs, StartNs + 1_000), CancellationToken.None);
        }
        catch (LogParseException problem)
        {
            return $"error: {problem.Problem}";
        }
        await CountAgreesAsync($"{selector} {stages}", result);
        if (result.Entries.Count == 0)
        {
            return "dropped";
        }
        var entry = Assert.Single(result.Entries);
        var before = LabelSet.OfTexts(_entry.Stream.Select(static label => KeyValuePair.Create(label.Name, label.Value))
            .Concat(_entry.Metadata.Select(static pair => KeyValuePair.Create(pair.Name, pair.Value))));
        var parts = entry.Labels.All.Where(label => !before.Has(label.Name) || before[label.Name] != label.Value)
            .Select(static label => $"{label.Name}={GoQuote.Quote(label.Value)}")
            .Concat(before.Where(label => !entry.Labels.All.Has(label.Name)).Select(static label => "-" + label.Name)).ToList();
        if (!entry.Line.Span.SequenceEqual(ScriptText.Bytes(_entry.Line)))
        {
            parts.Add($"line {GoQuote.Quote(entry.Line.Span)}");
        }
        return parts.Count == 0 ? "=" : string.Join(' ', parts);
    }

    /// <summary>What a query for lines finds is what a query for numbers counts, unless a line has an error.</summary>
    private async Task CountAgreesAsync(string query, LogStreamsResult lines)
    {
        var hasError = lines.Entries.Any(static entry => entry.Labels.Parsed.Has("__error__"));
        try
        {
            var counted = (LogVectorResult)await Engine.QueryInstantAsync(
                store, _tenant, LogParser.Parse($"count_over_time({query} [1m])"), StartNs, CancellationToken.None);
            Assert.False(hasError, "no error where numbers are asked for");
            Assert.Equal(lines.Entries.Count, counted.Samples.Sum(static sample => sample.Value));
        }
        catch (LogQueryException problem) when (problem.Kind == LogQueryErrorKind.Pipeline)
        {
            Assert.True(hasError, problem.Message);
        }
    }

    private async Task<string> AnswerAsync(string[] head, string query)
    {
        try
        {
            var expr = LogParser.Parse(query);
            if (head[0] == "at")
            {
                return Print(await Engine.QueryInstantAsync(store, _tenant, expr, StartNs + Ns(head[1]), CancellationToken.None), null);
            }
            var dots = head[1].IndexOf("..", StringComparison.Ordinal);
            var slash = head[1].IndexOf('/', StringComparison.Ordinal);
            var request = new LogRangeRequest(StartNs + Ns(head[1][..dots]), StartNs + Ns(head[1][(dots + 2)..(slash < 0 ? head[1].Length : slash)]))
            {
                StepNs = slash < 0 ? 0 : Ns(head[1][(slash + 1)..]),
                Direction = head.Contains("forward") ? LogDirection.Forward : LogDirection.Backward,
                Limit = After(head, "limit") is { } limit ? int.Parse(limit, CultureInfo.InvariantCulture) : 100,
                IntervalNs = After(head, "interval") is { } interval ? Ns(interval) : 0,
            };
            return Print(await Engine.QueryRangeAsync(store, _tenant, expr, request, CancellationToken.None), request);
        }
        catch (LogParseException problem)
        {
            return $"error: {problem.Message}";
        }
        catch (LogQueryException problem)
        {
            return $"error: {problem.Message.Split('\n')[0]}";
        }
    }

    private static string? After(string[] head, string word) => Array.IndexOf(head, word) is >= 0 and var at ? head[at + 1] : null;

    private static string Print(LogQueryResult result, LogRangeRequest? request)
    {
        var parts = result switch
        {
            LogScalarResult scalar => [$"scalar {Number(scalar.Value)}"],
            LogVectorResult vector => vector.Samples.Select(static sample => $"{sample.Labels.ToBracedText()} {Number(sample.Value)}"),
            LogMatrixResult matrix => matrix.Series.Select(series => $"{series.Labels.ToBracedText()} {string.Join(' ', Steps(request!).Select(time =>
                series.TimestampsMs.ToList().IndexOf(time) is >= 0 and var at ? Number(series.Values[at]) : "_"))}"),
            LogStreamsResult streams => streams.Entries.Select(static entry =>
                $"{GoDuration.Format(TimeSpan.FromTicks((entry.TimeNs - StartNs) / 100))} {GoQuote.Quote(entry.Line.Span)}"),
            _ => [],
        };
        return string.Join("; ", parts) is { Length: > 0 } text ? text : "empty";
    }

    private static IEnumerable<long> Steps(LogRangeRequest request)
    {
        for (var at = request.StartNs; at <= request.EndNs; at += Math.Max(1_000_000, request.StepNs))
        {
            yield return at / 1_000_000;
        }
    }

    /// <summary>Ten digits tell enough of a number that no script can write as a sum.</summary>
    private static string Number(double value) => GoFloat.FormatF(double.IsFinite(value)
        ? double.Parse(value.ToString("G10", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : value);

    private static long Ns(string text) => GoDuration.TryParse(text, out var duration) ? duration.Ticks * 100
        : throw new InvalidDataException($"no time: {text}");
}
