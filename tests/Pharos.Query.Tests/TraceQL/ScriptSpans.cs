using System.Globalization;
using Pharos.Query.TraceQL.Values;
using Pharos.Storage.Text;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Query.Tests.TraceQL;

/// <summary>Reads the spans of a script.</summary>
internal sealed class ScriptSpans(string tenant, long startNs)
{
    private static readonly string[] Kinds = ["unspecified", "internal", "server", "client", "producer", "consumer"];
    private static readonly string[] Statuses = ["unset", "ok", "error"];

    private readonly List<Draft> _spans = [];
    private bool _isAppended;
    private TraceId _trace;

    public string Tenant => tenant;

    public static long Ns(string text) => TraceDuration.TryParse(text, out var ns) ? ns : throw new InvalidDataException($"no time: {text}");

    public string LetterOf(Span span) => _spans.Find(draft => draft.Id == span.SpanId)?.Letter ?? "?";

    public bool TryAdd(string line)
    {
        if (!Array.Exists(["trace ", "span ", "event ", "link "], command => line.StartsWith(command, StringComparison.Ordinal)))
        {
            return false;
        }
        var words = Words(line);
        switch (words[0])
        {
            case "trace" when words.Count == 2:
                _trace = TraceId.TryParse(words[1], out var id) ? id : throw new InvalidDataException("no id");
                return true;
            case "span":
                _spans.Add(Span(words));
                return true;
            case "event":
                _spans.FindLast(draft => draft.Letter == words[1])!.Events.Add((startNs + Ns(words[2]), words[3], [.. words.Skip(4).Select(Pair)]));
                return true;
            case "link":
                var (trace, span) = (words[2].Split('/')[0], words[2].Split('/')[1]);
                _spans.FindLast(draft => draft.Letter == words[1])!.Links.Add(
                    (TraceId.TryParse(trace, out var linked) ? linked : default, IdOf(span), [.. words.Skip(3).Select(Pair)]));
                return true;
            default:
                return false;
        }
    }

    public void AppendTo(ITraceStore store)
    {
        if (_isAppended)
        {
            return;
        }
        _isAppended = true;
        var batch = new SpanBatch { Tenant = tenant };
        foreach (var draft in _spans)
        {
            draft.AddTo(batch);
        }
        store.Append(batch);
    }

    private static ulong IdOf(string letter) => letter == "-" ? 0 : ulong.Parse(Convert.ToHexString(System.Text.Encoding.ASCII.GetBytes(letter)), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private Draft Span(List<string> words)
    {
        var draft = new Draft
        {
            Letter = words[1], Trace = _trace, Id = IdOf(words[1]), Parent = IdOf(words[2]), Name = words[1],
            StartNs = startNs + Ns(words[3]), EndNs = startNs + Ns(words[3]) + Ns(words[4]),
        };
        foreach (var word in words.Skip(5))
        {
            if (Array.IndexOf(Kinds, word) is >= 0 and var kind)
            {
                draft.Kind = (SpanKind)kind;
            }
            else if (Array.IndexOf(Statuses, word) is >= 0 and var status)
            {
                draft.Status = (SpanStatus)status;
            }
            else
            {
                draft.Set(Pair(word));
            }
        }
        return draft;
    }

    private static (string Key, AttributeValue Value) Pair(string word)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        var (key, text) = (word[..equals], word[(equals + 1)..]);
        return (key, text switch
        {
            "true" or "false" => AttributeValue.OfBool(text == "true"),
            "nil" => AttributeValue.Empty,
            ['"', ..] => AttributeValue.OfText(GoQuote.TryUnquote(text, out var value) ? value : throw new InvalidDataException(text)),
            ['[', ..] => AttributeValue.OfJson(AttributeKind.Array, text),
            ['{', ..] => AttributeValue.OfJson(AttributeKind.Map, text),
            ['0', 'x', ..] => AttributeValue.OfBytes(Convert.FromHexString(text[2..])),
            _ when long.TryParse(text, CultureInfo.InvariantCulture, out var integer) => AttributeValue.OfInt(integer),
            _ => AttributeValue.OfDouble(double.Parse(text, CultureInfo.InvariantCulture)),
        });
    }

    /// <summary>Words apart by blanks; texts and lists hold blanks.</summary>
    private static List<string> Words(string line)
    {
        var words = new List<string>();
        for (var at = 0; at < line.Length;)
        {
            var start = at;
            for (var depth = 0; at < line.Length && (line[at] != ' ' || depth != 0); at++)
            {
                if (line[at] == '"')
                {
                    for (at++; line[at] != '"'; at++)
                    {
                        at += line[at] == '\\' ? 1 : 0;
                    }
                }
                depth += line[at] is '[' or '{' ? 1 : line[at] is ']' or '}' ? -1 : 0;
            }
            words.Add(line[start..at]);
            while (at < line.Length && line[at] == ' ')
            {
                at++;
            }
        }
        return words;
    }

    private sealed class Draft
    {
        private readonly List<(string Key, AttributeValue Value)> _attributes = [];
        private readonly List<(string Key, AttributeValue Value)> _resource = [];
        private readonly List<(string Key, AttributeValue Value)> _scope = [];
        private string _message = "";
        private string _scopeName = "";
        private string _scopeVersion = "";

        public required string Letter { get; init; }

        public required TraceId Trace { get; init; }

        public required ulong Id { get; init; }

        public required ulong Parent { get; init; }

        public required string Name { get; set; }

        public required long StartNs { get; init; }

        public required long EndNs { get; init; }

        public SpanKind Kind { get; set; }

        public SpanStatus Status { get; set; }

        public List<(long TimeNs, string Name, (string Key, AttributeValue Value)[] Attributes)> Events { get; } = [];

        public List<(TraceId Trace, ulong Span, (string Key, AttributeValue Value)[] Attributes)> Links { get; } = [];

        public void Set((string Key, AttributeValue Value) pair)
        {
            switch (pair.Key)
            {
                case "name":
                    Name = pair.Value.Text;
                    break;
                case "message":
                    _message = pair.Value.Text;
                    break;
                case "scope:name":
                    _scopeName = pair.Value.Text;
                    break;
                case "scope:version":
                    _scopeVersion = pair.Value.Text;
                    break;
                case "svc":
                    _resource.Add(("service.name", pair.Value));
                    break;
                case ['r', 'e', 's', 'o', 'u', 'r', 'c', 'e', '.', .. var key]:
                    _resource.Add((key, pair.Value));
                    break;
                case ['s', 'c', 'o', 'p', 'e', '.', .. var key]:
                    _scope.Add((key, pair.Value));
                    break;
                default:
                    _attributes.Add(pair);
                    break;
            }
        }

        public void AddTo(SpanBatch batch)
        {
            batch.BeginResource();
            Add(batch, _resource);
            batch.BeginScope(System.Text.Encoding.UTF8.GetBytes(_scopeName), System.Text.Encoding.UTF8.GetBytes(_scopeVersion));
            Add(batch, _scope);
            batch.BeginSpan();
            batch.Last.TraceId = Trace;
            batch.Last.SpanId = Id;
            batch.Last.ParentSpanId = Parent;
            batch.Last.Name = batch.Keep(Name);
            batch.Last.StatusMessage = batch.Keep(_message);
            (batch.Last.StartNs, batch.Last.EndNs, batch.Last.Kind, batch.Last.Status) = (StartNs, EndNs, Kind, Status);
            Add(batch, _attributes);
            foreach (var (timeNs, name, attributes) in Events)
            {
                batch.BeginEvent(timeNs, System.Text.Encoding.UTF8.GetBytes(name));
                Add(batch, attributes);
            }
            foreach (var (trace, span, attributes) in Links)
            {
                batch.BeginLink(trace, span, [], 0);
                Add(batch, attributes);
            }
        }

        private static void Add(SpanBatch batch, IEnumerable<(string Key, AttributeValue Value)> attributes)
        {
            foreach (var (key, value) in attributes)
            {
                batch.AddAttribute(key, value);
            }
        }
    }
}
