using System.Runtime.InteropServices;

namespace Pharos.Storage.Traces.Batches;

/// <summary>Spans on their way into the store, all of one tenant, in the order in which a decoder finds them.</summary>
/// <remarks>Not thread-safe. Made to be filled, appended, cleared and filled again: its arrays stay. Texts are copied in as UTF-8.
/// Attributes belong to whatever was begun last: resource, scope, span, event or link. A decoder that finds attributes of a span
/// after its events says so with <see cref="BackToSpan"/>.</remarks>
public sealed class SpanBatch
{
    private readonly List<ResourceRow> _resources = [];
    private readonly List<ScopeRow> _scopes = [];
    private readonly List<SpanRow> _spans = [];
    private readonly List<EventRow> _events = [];
    private readonly List<LinkRow> _links = [];
    private readonly List<AttributeRow> _attributes = [];
    private byte[] _bytes = new byte[4096];
    private int _used;
    private Owner _owner;

    private enum Owner
    {
        Resource,
        Scope,
        Span,
        Event,
        Link,
    }

    public string Tenant { get; set; } = "";

    public int Count => _spans.Count;

    /// <summary>Bytes of texts held.</summary>
    public int TextBytes => _used;

    /// <summary>All texts, one after the other, whatever they belong to.</summary>
    public ReadOnlySpan<byte> Texts => _bytes.AsSpan(0, _used);

    /// <summary>All attributes, whatever they belong to.</summary>
    public ReadOnlySpan<AttributeRow> Attributes => CollectionsMarshal.AsSpan(_attributes);

    public int ResourceCount => _resources.Count;

    public int ScopeCount => _scopes.Count;

    /// <summary>The row of a span, to read or to change. Invalid after the next call that adds a span.</summary>
    public ref SpanRow this[int span] => ref CollectionsMarshal.AsSpan(_spans)[span];

    /// <summary>The span that was begun last.</summary>
    public ref SpanRow Last => ref CollectionsMarshal.AsSpan(_spans)[^1];

    public void Clear()
    {
        Tenant = "";
        _resources.Clear();
        _scopes.Clear();
        _spans.Clear();
        _events.Clear();
        _links.Clear();
        _attributes.Clear();
        _used = 0;
    }

    /// <summary>Spans begun from now on are of a new resource, and of no scope until one is begun.</summary>
    public void BeginResource()
    {
        _resources.Add(new ResourceRow { Attributes = AttributeRange.None });
        _scopes.Add(new ScopeRow { Resource = _resources.Count - 1, Attributes = AttributeRange.None });
        _owner = Owner.Resource;
    }

    public void BeginScope(ReadOnlySpan<byte> name, ReadOnlySpan<byte> version)
    {
        _scopes.Add(new ScopeRow { Resource = _resources.Count - 1, Name = Keep(name), Version = Keep(version), Attributes = AttributeRange.None });
        _owner = Owner.Scope;
    }

    /// <summary>Begins a span, whose fields are set through what is given back.</summary>
    public ref SpanRow BeginSpan()
    {
        _spans.Add(new SpanRow
        {
            ScopeIndex = _scopes.Count - 1, Attributes = AttributeRange.None, FirstEvent = _events.Count, FirstLink = _links.Count,
            FirstAttribute = _attributes.Count, FirstByte = _used,
        });
        _owner = Owner.Span;
        return ref Last;
    }

    /// <summary>An event of the span that was begun last.</summary>
    public void BeginEvent(long timeNs, ReadOnlySpan<byte> name)
    {
        _events.Add(new EventRow { TimeNs = timeNs, Name = Keep(name), Attributes = AttributeRange.None });
        Last.EventCount++;
        _owner = Owner.Event;
    }

    /// <summary>A link of the span that was begun last.</summary>
    public void BeginLink(TraceId traceId, ulong spanId, ReadOnlySpan<byte> traceState, uint flags)
    {
        _links.Add(new LinkRow { TraceId = traceId, SpanId = spanId, TraceState = Keep(traceState), Flags = flags, Attributes = AttributeRange.None });
        Last.LinkCount++;
        _owner = Owner.Link;
    }

    /// <summary>Attributes added from now on are the span's again.</summary>
    public void BackToSpan() => _owner = Owner.Span;

    /// <summary>Takes the span that was begun last away again, with all that is its own.</summary>
    public void RemoveLast()
    {
        var last = Last;
        _events.RemoveRange(last.FirstEvent, _events.Count - last.FirstEvent);
        _links.RemoveRange(last.FirstLink, _links.Count - last.FirstLink);
        _attributes.RemoveRange(last.FirstAttribute, _attributes.Count - last.FirstAttribute);
        _used = last.FirstByte;
        _spans.RemoveAt(_spans.Count - 1);
    }

    /// <summary>Takes spans away, wherever they stand; the others move up.</summary>
    /// <param name="kept">Of each span, whether it stays.</param>
    public void Keep(ReadOnlySpan<bool> kept)
    {
        var spans = CollectionsMarshal.AsSpan(_spans);
        var count = 0;
        for (var i = 0; i < spans.Length; i++)
        {
            if (kept[i])
            {
                spans[count++] = spans[i];
            }
        }
        CollectionsMarshal.SetCount(_spans, count);
    }

    /// <summary>Takes away the events of a span beyond a number, and counts them as dropped.</summary>
    public void LimitEvents(int span, int most)
    {
        ref var row = ref this[span];
        if (row.EventCount > most)
        {
            row.DroppedEvents += (uint)(row.EventCount - most);
            row.EventCount = most;
        }
    }

    /// <summary>As <see cref="LimitEvents"/>, of links.</summary>
    public void LimitLinks(int span, int most)
    {
        ref var row = ref this[span];
        if (row.LinkCount > most)
        {
            row.DroppedLinks += (uint)(row.LinkCount - most);
            row.LinkCount = most;
        }
    }

    /// <summary>Copies a text in, to be set in a row.</summary>
    public BatchText Keep(ReadOnlySpan<byte> text)
    {
        var start = _used;
        if (start + text.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(start + (long)text.Length, _bytes.Length * 2L)));
        }
        text.CopyTo(_bytes.AsSpan(start));
        _used += text.Length;
        return new BatchText(start, text.Length);
    }

    /// <summary>As <see cref="Keep(ReadOnlySpan{byte})"/>.</summary>
    public BatchText Keep(string text)
    {
        var most = System.Text.Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> utf8 = most <= 1024 ? stackalloc byte[most] : new byte[most];
        return Keep(utf8[..System.Text.Encoding.UTF8.GetBytes(text, utf8)]);
    }

    /// <summary>An attribute with a value of texts or bytes; arrays and maps as JSON.</summary>
    public void AddAttribute(ReadOnlySpan<byte> key, AttributeKind kind, ReadOnlySpan<byte> value) =>
        Add(new AttributeRow { Kind = kind, Key = Keep(key), Text = Keep(value), Next = AttributeRange.End });

    public void AddAttribute(ReadOnlySpan<byte> key, bool value) => AddBits(key, AttributeKind.Bool, value ? 1 : 0);

    public void AddAttribute(ReadOnlySpan<byte> key, long value) => AddBits(key, AttributeKind.Int, value);

    public void AddAttribute(ReadOnlySpan<byte> key, double value) => AddBits(key, AttributeKind.Double, BitConverter.DoubleToInt64Bits(value));

    /// <summary>For whoever has a value at hand and no bytes.</summary>
    public void AddAttribute(string key, AttributeValue value)
    {
        var row = new AttributeRow { Kind = value.Kind, Key = Keep(key), Bits = value.Int, Next = AttributeRange.End };
        row.Text = value.Kind == AttributeKind.Bytes ? Keep(value.Bytes.Span) : value.Text.Length > 0 ? Keep(value.Text) : default;
        Add(row);
    }

    /// <summary>How many attributes the client left out of what was begun last.</summary>
    public void SetDroppedAttributes(uint count)
    {
        switch (_owner)
        {
            case Owner.Resource:
                CollectionsMarshal.AsSpan(_resources)[^1].DroppedAttributes = count;
                break;
            case Owner.Scope:
                CollectionsMarshal.AsSpan(_scopes)[^1].DroppedAttributes = count;
                break;
            case Owner.Span:
                Last.DroppedAttributes = count;
                break;
            case Owner.Event:
                CollectionsMarshal.AsSpan(_events)[^1].DroppedAttributes = count;
                break;
            default:
                CollectionsMarshal.AsSpan(_links)[^1].DroppedAttributes = count;
                break;
        }
    }

    /// <summary>Of the resource that was begun last.</summary>
    public void SetResourceSchema(ReadOnlySpan<byte> url) => CollectionsMarshal.AsSpan(_resources)[^1].SchemaUrl = Keep(url);

    /// <summary>Of the scope that was begun last.</summary>
    public void SetScopeSchema(ReadOnlySpan<byte> url) => CollectionsMarshal.AsSpan(_scopes)[^1].SchemaUrl = Keep(url);

    public ReadOnlySpan<byte> Text(BatchText text) => _bytes.AsSpan(text.Start, text.Length);

    public ref ResourceRow Resource(int index) => ref CollectionsMarshal.AsSpan(_resources)[index];

    public ref ScopeRow Scope(int index) => ref CollectionsMarshal.AsSpan(_scopes)[index];

    /// <summary>The resource of a span.</summary>
    public ref ResourceRow ResourceOf(in SpanRow span) => ref Resource(Scope(span.ScopeIndex).Resource);

    /// <summary>The name of a resource's service, as <see cref="SpanResource.ServiceName"/> gives it.</summary>
    public ReadOnlySpan<byte> ServiceOf(int resource)
    {
        for (var at = Resource(resource).Attributes.First; at != AttributeRange.End; at = Attribute(at).Next)
        {
            ref readonly var row = ref Attribute(at);
            if (row.Kind == AttributeKind.Text && row.Text.Length > 0 && Text(row.Key).SequenceEqual("service.name"u8))
            {
                return Text(row.Text);
            }
        }
        return "unknown_service"u8;
    }

    public ReadOnlySpan<EventRow> EventsOf(in SpanRow span) => CollectionsMarshal.AsSpan(_events).Slice(span.FirstEvent, span.EventCount);

    /// <summary>An event of a span, to read or to change.</summary>
    public ref EventRow EventOf(in SpanRow span, int index) => ref CollectionsMarshal.AsSpan(_events)[span.FirstEvent + index];

    /// <summary>A link of a span, to read or to change.</summary>
    public ref LinkRow LinkOf(in SpanRow span, int index) => ref CollectionsMarshal.AsSpan(_links)[span.FirstLink + index];

    public ReadOnlySpan<LinkRow> LinksOf(in SpanRow span) => CollectionsMarshal.AsSpan(_links).Slice(span.FirstLink, span.LinkCount);

    /// <summary>Walk with <c>for (var a = range.First; a != AttributeRange.End; a = batch.Attribute(a).Next)</c>.</summary>
    public ref AttributeRow Attribute(int index) => ref CollectionsMarshal.AsSpan(_attributes)[index];

    /// <summary>The value of an attribute as whoever reads it knows it.</summary>
    public AttributeValue ValueOf(in AttributeRow row) => row.Kind switch
    {
        AttributeKind.Bool => AttributeValue.OfBool(row.Bits != 0),
        AttributeKind.Int => AttributeValue.OfInt(row.Bits),
        AttributeKind.Double => AttributeValue.OfDouble(BitConverter.Int64BitsToDouble(row.Bits)),
        AttributeKind.Bytes => AttributeValue.OfBytes(Text(row.Text).ToArray()),
        AttributeKind.Text => AttributeValue.OfText(System.Text.Encoding.UTF8.GetString(Text(row.Text))),
        AttributeKind.Empty => AttributeValue.Empty,
        _ => AttributeValue.OfJson(row.Kind, System.Text.Encoding.UTF8.GetString(Text(row.Text))),
    };

    /// <summary>The attributes of any owner with one more at the end; the caller sets what it gets in the owner's row.</summary>
    public AttributeRange Append(AttributeRange range, ReadOnlySpan<byte> key, AttributeKind kind, ReadOnlySpan<byte> value)
    {
        _attributes.Add(new AttributeRow { Kind = kind, Key = Keep(key), Text = Keep(value), Next = AttributeRange.End });
        return Longer(range, _attributes.Count - 1);
    }

    /// <summary>The first attributes of any owner, at most so many; the caller sets what it gets in the owner's row.</summary>
    public AttributeRange Shorten(AttributeRange range, int most)
    {
        if (range.Count <= most)
        {
            return range;
        }
        if (most <= 0)
        {
            return AttributeRange.None;
        }
        var last = range.First;
        for (var i = 1; i < most; i++)
        {
            last = Attribute(last).Next;
        }
        Attribute(last).Next = AttributeRange.End;
        return new AttributeRange(range.First, last, most);
    }

    private void AddBits(ReadOnlySpan<byte> key, AttributeKind kind, long bits) =>
        Add(new AttributeRow { Kind = kind, Key = Keep(key), Bits = bits, Next = AttributeRange.End });

    private void Add(AttributeRow row)
    {
        _attributes.Add(row);
        var index = _attributes.Count - 1;
        switch (_owner)
        {
            case Owner.Resource:
                ref var resource = ref CollectionsMarshal.AsSpan(_resources)[^1];
                resource.Attributes = Longer(resource.Attributes, index);
                break;
            case Owner.Scope:
                ref var scope = ref CollectionsMarshal.AsSpan(_scopes)[^1];
                scope.Attributes = Longer(scope.Attributes, index);
                break;
            case Owner.Span:
                Last.Attributes = Longer(Last.Attributes, index);
                break;
            case Owner.Event:
                ref var happened = ref CollectionsMarshal.AsSpan(_events)[^1];
                happened.Attributes = Longer(happened.Attributes, index);
                break;
            default:
                ref var link = ref CollectionsMarshal.AsSpan(_links)[^1];
                link.Attributes = Longer(link.Attributes, index);
                break;
        }
    }

    /// <summary>A chain with the attribute that was added last at its end.</summary>
    private AttributeRange Longer(AttributeRange range, int added)
    {
        if (range.Count > 0)
        {
            Attribute(range.Last).Next = added;
        }
        return new AttributeRange(range.Count > 0 ? range.First : added, added, range.Count + 1);
    }
}
