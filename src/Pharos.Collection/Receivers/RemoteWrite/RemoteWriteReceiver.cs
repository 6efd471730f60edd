using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Pharos.Collection.Hashing;
using Pharos.Collection.Protobuf;
using Pharos.Collection.RemoteStorage.Writing;
using Pharos.Storage.Encoding;
using Pharos.Storage.Metrics;

namespace Pharos.Collection.Receivers.RemoteWrite;

/// <summary>Stores what <c>POST /api/v1/write</c> carries: protocol 1.0 or 2.0, snappy-compressed protobuf.</summary>
/// <remarks>Thread-safe: every request is a batch of its own. Good samples are stored beside refused ones.</remarks>
public sealed class RemoteWriteReceiver
{
    /// <summary>Bounds what one request may unpack to; a small body can claim any length. Prometheus: maxDecodedSize.</summary>
    public const int MaxUnpackedBytes = 32 * 1024 * 1024;

    /// <summary>40 kB each, with symbols up to 2 MB; more than so many requests are rarely read at the same time.</summary>
    private const int MaxKeptRooms = 16;

    private readonly TextHasher _hasher = new();

    /// <summary>By the bytes of their labels, as protocol 1.0 has them.</summary>
    private readonly KnownSeries _known = new();

    /// <summary>By the hashes of their labels' symbols: protocol 2.0.</summary>
    private readonly KnownSeries _knownBySymbols = new();
    private readonly ConcurrentQueue<RequestRoom> _rooms = [];
    private readonly IMetricStore _store;
    private readonly TimeProvider _time;
    private readonly Counter<long> _samples;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _invalidLabels;

    public RemoteWriteReceiver(IMetricStore store, TimeProvider time, Meter meter)
    {
        _store = store;
        _time = time;
        _samples = meter.CreateCounter<long>(
            "pharos_remote_write_received_samples_total", description: "Samples stored that came by remote write.");
        _refused = meter.CreateCounter<long>(
            "pharos_remote_write_refused_samples_total", description: "Samples that came by remote write and were not stored.");
        _invalidLabels = meter.CreateCounter<long>(
            "prometheus_api_remote_write_invalid_labels_samples_total",
            description: "Samples that came by remote write and were rejected because their labels are invalid.");
    }

    /// <summary>Protocol 2.0 tells a series' type and unit: they become labels of it (<c>type-and-unit-labels</c>).</summary>
    public bool TypeAndUnitLabels { get; init; }

    /// <summary>A request's message out of its body, in a buffer that the caller gives back by disposing it.</summary>
    /// <returns>Null where <paramref name="fault"/> says what is wrong with the body.</returns>
    public static PooledBytes? Unpack(ReadOnlySpan<byte> compressed, out string fault)
    {
        try
        {
            fault = "";
            return SnappyBlock.UnpackPooled(compressed, MaxUnpackedBytes);
        }
        catch (InvalidDataException e)
        {
            fault = e.Message;
            return null;
        }
    }

    /// <exception cref="IOException">The store's log cannot be written; nothing of the request is stored.</exception>
    public RemoteWriteOutcome Receive(ReadOnlySpan<byte> request, RemoteWriteMessage message)
    {
        try
        {
            return Store(request, message);
        }
        catch (InvalidDataException e)
        {
            return RemoteWriteOutcome.Broken(e.Message);
        }
    }

    private RemoteWriteOutcome Store(ReadOnlySpan<byte> request, RemoteWriteMessage message)
    {
        using var appender = _store.Appender();
        var batch = new RemoteWriteBatch(appender, message, _time.GetUtcNow().ToUnixTimeMilliseconds());
        var room = _rooms.TryDequeue(out var used) ? used : new RequestRoom(_hasher);
        if (message == RemoteWriteMessage.V2)
        {
            AppendV2(request, room, batch);
        }
        else
        {
            AppendV1(request, room, batch);
        }
        appender.Commit();
        Return(room);
        _samples.Add(batch.Samples + batch.Histograms);
        _refused.Add(batch.Refused);
        _invalidLabels.Add(batch.InvalidLabels);
        return new RemoteWriteOutcome(false, batch.Samples, batch.Histograms, batch.Exemplars, batch.Refused, batch.Reason)
        {
            IsOverloaded = batch.IsOverloaded,
        };
    }

    private void AppendV1(ReadOnlySpan<byte> request, RequestRoom room, RemoteWriteBatch batch)
    {
        var fields = new ProtobufReader(request);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case WriteRequestV1.SeriesField:
                    var message = fields.Bytes();
                    if (!TryAdd(room.Block, message, request.Length - fields.Remaining - message.Length, batch))
                    {
                        Flush(room, request, RemoteWriteMessage.V1, batch);
                        WriteRequestV1.ReadSeries(message, room.Series, room.Histogram);
                        batch.Append(room.Series);
                    }
                    else if (room.Block.IsFull)
                    {
                        Flush(room, request, RemoteWriteMessage.V1, batch);
                    }
                    break;
                case WriteRequestV1.MetadataField:
                    if (WriteRequestV1.ReadMetadata(fields.Bytes()) is ({ Length: > 0 } family, var metadata))
                    {
                        _store.SetMetadata(family, metadata);
                    }
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        Flush(room, request, RemoteWriteMessage.V1, batch);
    }

    private void AppendV2(ReadOnlySpan<byte> request, RequestRoom room, RemoteWriteBatch batch)
    {
        room.Begin(request);
        var fields = new ProtobufReader(request);
        while (fields.Next(out var field))
        {
            if (field != WriteRequestV2.SeriesField)
            {
                fields.Skip();
                continue;
            }
            var message = fields.Bytes();

            // Where type and unit are labels, the labels alone do not say which series it is.
            if (TypeAndUnitLabels || !TryAddV2(room, message, request, request.Length - fields.Remaining - message.Length, batch))
            {
                Flush(room, request, RemoteWriteMessage.V2, batch);
                Read(room, message, request, RemoteWriteMessage.V2);
                Append(room.Series, batch, out _);
            }
            else if (room.Block.IsFull)
            {
                Flush(room, request, RemoteWriteMessage.V2, batch);
            }
        }
        Flush(room, request, RemoteWriteMessage.V2, batch);
    }

    /// <summary>Adds a series that is plain, and whose samples need no look at the clock.</summary>
    private bool TryAdd(SampleBlock block, ReadOnlySpan<byte> message, int start, RemoteWriteBatch batch)
    {
        var before = block.Count;
        var at = FindKnown(message, ref block.Expected, out var hash, out var reference);
        if (at < 0)
        {
            return false;
        }
        while (at < message.Length)
        {
            if (block.IsFull || !PlainSeries.TrySample(message, ref at, out var timestampMs, out var value) || batch.IsAhead(timestampMs))
            {
                block.Cut(before);
                return false;
            }
            block.Add(start, message.Length, hash, reference, timestampMs, value);
        }
        return true;
    }

    /// <summary>As <see cref="TryAdd"/>. What a series that is known says of its metric is stored at once, a new one's when it is read.</summary>
    private bool TryAddV2(RequestRoom room, ReadOnlySpan<byte> message, ReadOnlySpan<byte> request, int start, RemoteWriteBatch batch)
    {
        if (!PlainSeriesV2.TryLabels(message, room.Symbols, room.Labels, _hasher, out var at, out var hash, out var name))
        {
            return false;
        }
        var block = room.Block;
        var before = block.Count;
        var reference = _knownBySymbols.Find(hash, ref block.ExpectedBySymbols);
        while (PlainSeries.HasSampleAt(message, at))
        {
            if (block.IsFull || !PlainSeries.TrySample(message, ref at, out var timestampMs, out var value) || batch.IsAhead(timestampMs))
            {
                block.Cut(before);
                return false;
            }
            block.Add(start, message.Length, hash, reference, timestampMs, value);
        }
        if (block.Count > before && PlainSeriesV2.TryMetadata(message, at, out var metadata) && TryTell(room, request, reference, name, metadata))
        {
            return true;
        }
        block.Cut(before);
        return false;
    }

    /// <summary>Stores the metadata that comes with a series that is known.</summary>
    /// <param name="message">Empty where none comes.</param>
    /// <returns>False where the series is to be refused for it, or cannot be told.</returns>
    private bool TryTell(RequestRoom room, ReadOnlySpan<byte> request, ulong reference, int name, ReadOnlySpan<byte> message)
    {
        if (reference == 0 || message.IsEmpty)
        {
            return true;
        }
        if (name < 0)
        {
            return false;
        }
        if (!room.IsNews(name, _hasher.HashOf(message)))
        {
            return true;
        }
        if (!room.Second.TryReadMetadata(message, request, out var metadata))
        {
            return false;
        }
        if (metadata is not null)
        {
            _store.SetMetadata(RemoteMetricTypes.FamilyOf(room.Symbols.TextAt(request, name).Text, metadata), metadata);
        }
        return true;
    }

    /// <summary>Where the series is the expected one, its labels are not even stepped over: their hash says that they are the same.</summary>
    /// <returns>Where the samples begin; -1 where the series is not plain.</returns>
    private int FindKnown(ReadOnlySpan<byte> message, ref int expected, out TextHash hash, out ulong reference)
    {
        (var known, reference) = _known.At(expected);
        var length = known.Length;
        if (reference != 0 && PlainSeries.HasSampleAt(message, length))
        {
            hash = _hasher.HashOf(message[..length]);
            if (hash == known)
            {
                expected++;
                return length;
            }
        }
        length = PlainSeries.LabelsLength(message);
        hash = length < 0 ? default : _hasher.HashOf(message[..length]);
        reference = length < 0 ? 0 : _known.Find(hash, ref expected);
        return length;
    }

    /// <summary>Appends what was gathered. Only series that are new, or of which something is to be said, are read.</summary>
    private void Flush(RequestRoom room, ReadOnlySpan<byte> request, RemoteWriteMessage message, RemoteWriteBatch batch)
    {
        var block = room.Block;
        var read = -1;
        for (var i = batch.AppendKnown(block) ? block.Count : 0; i < block.Count; i++)
        {
            var result = block.ResultAt(i);
            if (RemoteWriteBatch.IsStored(result))
            {
                continue;
            }
            var isRead = read >= 0 && block.IsOfSameSeries(read, i);
            if (!isRead)
            {
                Read(room, request[block.MessageAt(i)], request, message);
                read = i;
            }
            if (result != AppendResult.UnknownSeries)
            {
                batch.NoteRefused(block, i, room.Series);
            }
            else if (!isRead && Append(room.Series, batch, out var reference) && reference != 0)
            {
                block.Learn(i, reference);
            }
        }
        block.Finish(message == RemoteWriteMessage.V1 ? _known : _knownBySymbols);
    }

    private void Read(RequestRoom room, ReadOnlySpan<byte> series, ReadOnlySpan<byte> request, RemoteWriteMessage message)
    {
        if (message == RemoteWriteMessage.V1)
        {
            WriteRequestV1.ReadSeries(series, room.Series, room.Histogram);
            return;
        }
        room.Second.ReadSeries(series, request, room.Series, room.Histogram);
        if (TypeAndUnitLabels)
        {
            room.Series.Describe();
        }
    }

    /// <returns>False where nothing of the series may be stored.</returns>
    private bool Append(RemoteSeries series, RemoteWriteBatch batch, out ulong reference)
    {
        if (!batch.Append(series, out reference))
        {
            return false;
        }
        if (series.Metadata is { } metadata)
        {
            _store.SetMetadata(RemoteMetricTypes.FamilyOf(series.Labels.MetricName, metadata), metadata);
        }
        return true;
    }

    private void Return(RequestRoom room)
    {
        if (_rooms.Count < MaxKeptRooms)
        {
            _rooms.Enqueue(room);
        }
    }
}
