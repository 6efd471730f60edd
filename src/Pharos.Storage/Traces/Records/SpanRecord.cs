using System.Buffers.Binary;
using Pharos.Storage.Encoding;

namespace Pharos.Storage.Traces.Records;

/// <summary>A record with the places of what is in it. Immutable; thread-safe.</summary>
internal sealed class SpanRecord
{
    /// <summary>What the index of places takes, and the objects.</summary>
    private const int OverheadBytes = 200;

    /// <summary>What <see cref="Facts"/> take for a span that is called as no other one of the record.</summary>
    private const int FactBytesOfSpan = 12;

    private volatile RecordFacts? _facts;

    private SpanRecord(byte[] payload, string tenant, int[] texts, int[] resources, int[] scopes, int[] spans)
    {
        (Payload, Tenant, Texts, Resources, Scopes, Spans) = (payload, tenant, texts, resources, scopes, spans);
        (OldestNs, NewestNs) = (long.MaxValue, long.MinValue);
        for (var i = 0; i < spans.Length; i++)
        {
            var startNs = StartNsOf(i);
            (OldestNs, NewestNs) = (Math.Min(OldestNs, startNs), Math.Max(NewestNs, startNs));
        }
    }

    public byte[] Payload { get; }

    public string Tenant { get; }

    /// <summary>Where the length before each text stands; text 1 is the first.</summary>
    public int[] Texts { get; }

    public int[] Resources { get; }

    public int[] Scopes { get; }

    /// <summary>Where each span's trace id stands.</summary>
    public int[] Spans { get; }

    /// <summary>The earliest start of a span.</summary>
    public long OldestNs { get; }

    /// <summary>The latest start of a span.</summary>
    public long NewestNs { get; }

    /// <summary>What all its spans have; found when it is first asked for, and kept.</summary>
    public RecordFacts Facts => _facts ??= RecordFacts.Of(this, OldestNs, NewestNs);

    /// <summary>Memory that it takes.</summary>
    public long Bytes => Payload.Length + OverheadBytes + ((long)FactBytesOfSpan * Spans.Length)
        + (sizeof(int) * ((long)Texts.Length + Resources.Length + Scopes.Length + Spans.Length));

    /// <exception cref="Files.CorruptFileException">The payload makes no sense.</exception>
    public static SpanRecord Parse(byte[] payload, string file, long offset)
    {
        var reader = new ByteReader(payload, file, offset);
        if (reader.U8() is var kind && kind != SpanRecordWriter.BatchKind)
        {
            throw reader.Corrupt($"a record of kind {kind}");
        }
        var tenant = reader.Text();
        var texts = new int[reader.Count()];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = reader.Position;
            reader.Take(reader.Count());
        }
        var resources = new int[reader.Count(minBytesEach: 3)];
        for (var i = 0; i < resources.Length; i++)
        {
            resources[i] = reader.Position;
            reader.UVarint();
            reader.UVarint();
            SkipAttributes(ref reader);
        }
        var scopes = new int[reader.Count(minBytesEach: 6)];
        for (var i = 0; i < scopes.Length; i++)
        {
            scopes[i] = reader.Position;
            for (var field = 0; field < 5; field++)
            {
                reader.UVarint();
            }
            SkipAttributes(ref reader);
        }
        var spans = new int[reader.Count(minBytesEach: 39)];
        for (var i = 0; i < spans.Length; i++)
        {
            var size = reader.Count();
            spans[i] = reader.Position;
            if (size < 38)
            {
                throw reader.Corrupt($"a span of {size} bytes");
            }
            reader.Take(size);
        }
        return reader.Remaining == 0 ? new SpanRecord(payload, tenant, texts, resources, scopes, spans) : throw reader.Corrupt("bytes behind the last span");
    }

    public TraceId TraceIdOf(int span) => TraceId.FromBytes(Payload.AsSpan(Spans[span]));

    public ulong SpanIdOf(int span) => BinaryPrimitives.ReadUInt64LittleEndian(Payload.AsSpan(Spans[span] + TraceId.Size));

    public long StartNsOf(int span) => BinaryPrimitives.ReadInt64LittleEndian(Payload.AsSpan(Spans[span] + TraceId.Size + sizeof(ulong)));

    /// <summary>The bytes of a text.</summary>
    public ReadOnlySpan<byte> Text(int number)
    {
        if (number == 0)
        {
            return default;
        }
        var reader = new ByteReader(Payload.AsSpan(Texts[number - 1]), "the head");
        return reader.Take(reader.Count());
    }

    public string TextString(int number) => System.Text.Encoding.UTF8.GetString(Text(number));

    /// <summary>A text as it stands in a record: with its length before it.</summary>
    public static byte[] AsStored(ReadOnlySpan<byte> text)
    {
        var writer = new ByteWriter(text.Length + sizeof(ulong));
        writer.UVarint((ulong)text.Length);
        writer.Bytes(text);
        return writer.Written.ToArray();
    }

    public static byte[] AsStored(string text) => AsStored(System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>The number of a text; -1 where the record does not have it.</summary>
    /// <param name="stored">As it stands in a record.</param>
    public int NumberOf(ReadOnlySpan<byte> stored)
    {
        if (stored.Length == 1)
        {
            return 0;
        }
        var (payload, first) = (Payload, stored[0]);
        for (var i = 0; i < Texts.Length; i++)
        {
            if (payload[Texts[i]] == first && payload.AsSpan(Texts[i]).StartsWith(stored))
            {
                return i + 1;
            }
        }
        return -1;
    }

    /// <summary>Whether the text of a number is the one that is asked for.</summary>
    /// <param name="stored">As it stands in a record.</param>
    public bool IsText(int number, ReadOnlySpan<byte> stored) =>
        number == 0 ? stored.Length == 1 : Payload.AsSpan(Texts[number - 1]).StartsWith(stored);

    public static void SkipAttributes(ref ByteReader reader)
    {
        for (var left = reader.Count(minBytesEach: 2); left > 0; left--)
        {
            reader.UVarint();
            SkipValue(ref reader, (AttributeKind)reader.U8());
        }
    }

    public static void SkipValue(ref ByteReader reader, AttributeKind kind)
    {
        switch (kind)
        {
            case AttributeKind.Bool:
                reader.U8();
                break;
            case AttributeKind.Double:
                reader.U64();
                break;
            case AttributeKind.Empty:
                break;
            default:
                reader.UVarint();
                break;
        }
    }
}
