using Pharos.Collection.Receivers.Thrift;
using Pharos.Collection.Receivers.Zipkin.V1;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Collection.Receivers.Jaeger;

/// <summary>Reads datagrams of Jaeger's clients into a batch, each whole or not at all.</summary>
/// <remarks><c>emitBatch</c> of agent.thrift, and the older <c>emitZipkinBatch</c>. Not thread-safe.</remarks>
internal sealed class UdpSpanDecoder(UdpProtocol protocol, SpanBatch batch, TimeProvider time)
{
    private readonly JaegerThrift _jaeger = new(new JaegerSpanWriter(batch));
    private readonly ZipkinThrift _zipkin = new();

    /// <exception cref="InvalidDataException">The datagram is no such message; the batch is as it was before.</exception>
    public void Decode(ReadOnlySpan<byte> datagram)
    {
        var before = batch.Count;
        try
        {
            if (protocol == UdpProtocol.Compact)
            {
                var reader = new ThriftCompactReader(datagram);
                Read(ref reader);
            }
            else
            {
                var reader = new ThriftBinaryReader(datagram);
                Read(ref reader);
            }
        }
        catch (InvalidDataException)
        {
            while (batch.Count > before)
            {
                batch.RemoveLast();
            }
            throw;
        }
    }

    private void Read<TReader>(ref TReader reader)
        where TReader : struct, IThriftReader, allows ref struct
    {
        var type = reader.BeginMessage(out var method);
        if (type is not (ThriftMessageType.OneWay or ThriftMessageType.Call))
        {
            throw new InvalidDataException("the message is no call");
        }
        var isBatch = method.SequenceEqual("emitBatch"u8);
        if (!isBatch && !method.SequenceEqual("emitZipkinBatch"u8))
        {
            throw new InvalidDataException("Unknown function");
        }
        var outer = reader.BeginStruct();
        while (reader.NextField(out var id, out var argument))
        {
            switch (id, argument)
            {
                case (1, ThriftType.Struct) when isBatch:
                    _jaeger.ReadBatch(ref reader);
                    break;
                case (1, ThriftType.List) when !isBatch:
                    _zipkin.Read(ref reader, new ZipkinV1Writer(batch, (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100).Write);
                    break;
                default:
                    reader.Skip(argument);
                    break;
            }
        }
        reader.EndStruct(outer);
    }
}
