using Pharos.Storage.Encoding;

namespace Pharos.Storage.Traces.Records;

/// <summary>Goes through the attributes of a record without making anything of them.</summary>
/// <remarks>All give whether the visitor has seen enough, and stop there.</remarks>
internal static class RecordAttributes
{
    /// <summary>Those of a span itself, of its events and of its links, where the scopes have them.</summary>
    public static bool OfSpan<T>(SpanRecord record, in RecordSpan span, AttributeScopes scopes, ref T visitor)
        where T : struct, IRecordAttributes
    {
        var extras = ((scopes & AttributeScopes.Event) != 0 ? span.Fields & SpanFields.Events : 0)
            | ((scopes & AttributeScopes.Link) != 0 ? span.Fields & SpanFields.Links : 0);
        var reader = new ByteReader(record.Payload.AsSpan(span.AttributesAt), "a record of spans");
        if ((scopes & AttributeScopes.Span) == 0)
        {
            if (extras == 0)
            {
                return false;
            }
            SpanRecord.SkipAttributes(ref reader);
        }
        else if (OfList(record, ref reader, AttributeScopes.Span, ref visitor))
        {
            return true;
        }
        return extras != 0 && OfExtras(record, ref reader, span.Fields, extras, ref visitor);
    }

    /// <summary>Those of a scope and of its resource, where the scopes have them.</summary>
    public static bool OfScope<T>(SpanRecord record, int scope, AttributeScopes scopes, ref T visitor)
        where T : struct, IRecordAttributes
    {
        var reader = new ByteReader(record.Payload.AsSpan(record.Scopes[scope]), "a record of spans");
        var resource = (int)reader.UVarint();
        if ((scopes & AttributeScopes.Resource) != 0 && OfResource(record, resource, ref visitor))
        {
            return true;
        }
        if ((scopes & AttributeScopes.Scope) == 0)
        {
            return false;
        }
        for (var field = 0; field < 4; field++)
        {
            reader.UVarint();
        }
        return OfList(record, ref reader, AttributeScopes.Scope, ref visitor);
    }

    /// <summary>The number of the text that is the service's name, as <see cref="SpanResource.ServiceName"/> gives it; 0 where there is none.</summary>
    /// <param name="serviceKey">Number of the text <c>service.name</c>; -1 where the record does not have it.</param>
    public static int ServiceOf(SpanRecord record, int scope, int serviceKey)
    {
        if (serviceKey < 0)
        {
            return 0;
        }
        var name = new ServiceName(serviceKey);
        OfScope(record, scope, AttributeScopes.Resource, ref name);
        return name.Number;
    }

    private static bool OfResource<T>(SpanRecord record, int resource, ref T visitor)
        where T : struct, IRecordAttributes
    {
        var reader = new ByteReader(record.Payload.AsSpan(record.Resources[resource]), "a record of spans");
        reader.UVarint();
        reader.UVarint();
        return OfList(record, ref reader, AttributeScopes.Resource, ref visitor);
    }

    private static bool OfExtras<T>(SpanRecord record, ref ByteReader reader, SpanFields fields, SpanFields wanted, ref T visitor)
        where T : struct, IRecordAttributes
    {
        var events = (fields & SpanFields.Events) != 0 ? reader.Count(minBytesEach: 4) : 0;
        for (; events > 0; events--)
        {
            reader.UVarint();
            reader.UVarint();
            reader.UVarint();
            if ((wanted & SpanFields.Events) == 0)
            {
                SpanRecord.SkipAttributes(ref reader);
            }
            else if (OfList(record, ref reader, AttributeScopes.Event, ref visitor))
            {
                return true;
            }
        }
        var links = (wanted & SpanFields.Links) != 0 ? reader.Count(minBytesEach: 28) : 0;
        for (; links > 0; links--)
        {
            reader.Take(TraceId.Size + sizeof(ulong));
            reader.UVarint();
            reader.UVarint();
            reader.UVarint();
            if (OfList(record, ref reader, AttributeScopes.Link, ref visitor))
            {
                return true;
            }
        }
        return false;
    }

    private static bool OfList<T>(SpanRecord record, ref ByteReader reader, AttributeScopes scope, ref T visitor)
        where T : struct, IRecordAttributes
    {
        for (var left = reader.Count(minBytesEach: 2); left > 0; left--)
        {
            var key = reader.UVarint();
            if (key > (ulong)record.Texts.Length)
            {
                throw reader.Corrupt($"text {key} of {record.Texts.Length}");
            }
            if (visitor.Visit(scope, (int)key, (AttributeKind)reader.U8(), ref reader))
            {
                return true;
            }
        }
        return false;
    }

    private struct ServiceName(int key) : IRecordAttributes
    {
        public int Number { get; private set; }

        public bool Visit(AttributeScopes scope, int asked, AttributeKind kind, ref ByteReader reader)
        {
            if (asked != key || kind != AttributeKind.Text)
            {
                SpanRecord.SkipValue(ref reader, kind);
                return false;
            }
            Number = (int)reader.UVarint();
            return Number != 0;
        }
    }
}
