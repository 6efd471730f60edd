using Pharos.Storage.Encoding;

namespace Pharos.Storage.Traces.Records;

/// <summary>Makes spans of a record; texts, resources and scopes are made once.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class SpanRecordDecoder(SpanRecord record)
{
    private readonly string?[] _texts = new string?[record.Texts.Length];
    private readonly SpanResource?[] _resources = new SpanResource?[record.Resources.Length];
    private readonly SpanScope?[] _scopes = new SpanScope?[record.Scopes.Length];
    private readonly int[] _resourceOfScope = new int[record.Scopes.Length];

    public SpanRecord Record => record;

    /// <exception cref="Files.CorruptFileException">The record makes no sense there.</exception>
    public Span Span(int number)
    {
        var read = RecordSpan.Read(record, number);
        var startNs = record.StartNsOf(number);
        var scope = ScopeAt(read.Scope);
        var reader = new ByteReader(record.Payload.AsSpan(read.AttributesAt), "a record of spans");
        return new Span
        {
            TraceId = record.TraceIdOf(number),
            SpanId = record.SpanIdOf(number),
            StartNs = startNs,
            EndNs = unchecked(startNs + read.DurationNs),
            Kind = (SpanKind)read.Kind,
            Status = (SpanStatus)read.Status,
            Scope = scope,
            Resource = ResourceAt(_resourceOfScope[read.Scope]),
            Name = TextAt(read.Name),
            ParentSpanId = read.ParentSpanId,
            StatusMessage = TextAt(read.StatusMessage),
            TraceState = TextAt(read.TraceState),
            Flags = read.Flags,
            DroppedAttributes = read.DroppedAttributes,
            DroppedEvents = read.DroppedEvents,
            DroppedLinks = read.DroppedLinks,
            Attributes = Attributes(ref reader),
            Events = (read.Fields & SpanFields.Events) != 0 ? Events(ref reader, startNs) : [],
            Links = (read.Fields & SpanFields.Links) != 0 ? Links(ref reader) : [],
        };
    }

    public SpanResource ResourceOfScope(int scope)
    {
        ScopeAt(scope);
        return ResourceAt(_resourceOfScope[scope]);
    }

    public SpanScope ScopeAt(int number)
    {
        if (_scopes[number] is { } known)
        {
            return known;
        }
        var reader = new ByteReader(record.Payload.AsSpan(record.Scopes[number]), "a record of spans");
        _resourceOfScope[number] = Below(ref reader, _resources.Length);
        var (name, version) = (Text(ref reader), Text(ref reader));
        var dropped = (uint)reader.UVarint();
        var schema = Text(ref reader);
        return _scopes[number] = new SpanScope(name, version, Attributes(ref reader), dropped, schema);
    }

    public string TextAt(int number)
    {
        if (number == 0)
        {
            return "";
        }
        return _texts[number - 1] ??= System.Text.Encoding.UTF8.GetString(record.Text(number));
    }

    private SpanResource ResourceAt(int number)
    {
        if (_resources[number] is { } known)
        {
            return known;
        }
        var reader = new ByteReader(record.Payload.AsSpan(record.Resources[number]), "a record of spans");
        var dropped = (uint)reader.UVarint();
        var schema = Text(ref reader);
        return _resources[number] = new SpanResource(Attributes(ref reader), dropped, schema);
    }

    private static TraceId IdOf(ref ByteReader reader) => new(reader.U64BigEndian(), reader.U64BigEndian());

    private string Text(ref ByteReader reader) => TextAt(Below(ref reader, _texts.Length + 1));

    private SpanAttribute[] Attributes(ref ByteReader reader)
    {
        var count = reader.Count(minBytesEach: 2);
        var attributes = count == 0 ? [] : new SpanAttribute[count];
        for (var i = 0; i < attributes.Length; i++)
        {
            attributes[i] = new SpanAttribute(Text(ref reader), Value(ref reader));
        }
        return attributes;
    }

    /// <summary>The kind and the value behind it.</summary>
    private AttributeValue Value(ref ByteReader reader)
    {
        var kind = (AttributeKind)reader.U8();
        switch (kind)
        {
            case AttributeKind.Bool:
                return AttributeValue.OfBool(reader.U8() != 0);
            case AttributeKind.Int:
                return AttributeValue.OfInt(reader.Varint());
            case AttributeKind.Double:
                return AttributeValue.OfDouble(BitConverter.UInt64BitsToDouble(reader.U64()));
            case AttributeKind.Empty:
                return AttributeValue.Empty;
            case AttributeKind.Bytes:
                return AttributeValue.OfBytes(record.Text(Below(ref reader, _texts.Length + 1)).ToArray());
            case AttributeKind.Text:
                return AttributeValue.OfText(Text(ref reader));
            case AttributeKind.Array or AttributeKind.Map:
                return AttributeValue.OfJson(kind, Text(ref reader));
            default:
                throw reader.Corrupt($"a value of kind {kind}");
        }
    }

    private SpanEvent[] Events(ref ByteReader reader, long startNs)
    {
        var events = new SpanEvent[reader.Count(minBytesEach: 4)];
        for (var i = 0; i < events.Length; i++)
        {
            var timeNs = unchecked(startNs + reader.Varint());
            var name = Text(ref reader);
            var dropped = (uint)reader.UVarint();
            events[i] = new SpanEvent(timeNs, name, Attributes(ref reader), dropped);
        }
        return events;
    }

    private SpanLink[] Links(ref ByteReader reader)
    {
        var links = new SpanLink[reader.Count(minBytesEach: 28)];
        for (var i = 0; i < links.Length; i++)
        {
            var id = IdOf(ref reader);
            var spanId = reader.U64();
            var traceState = Text(ref reader);
            var (flags, dropped) = ((uint)reader.UVarint(), (uint)reader.UVarint());
            links[i] = new SpanLink(id, spanId, traceState, flags, Attributes(ref reader), dropped);
        }
        return links;
    }

    private static int Below(ref ByteReader reader, int limit)
    {
        var number = reader.UVarint();
        return number < (ulong)limit ? (int)number : throw reader.Corrupt($"number {number} of {limit}");
    }
}
