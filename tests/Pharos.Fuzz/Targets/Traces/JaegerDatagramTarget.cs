using Pharos.Collection.Receivers.Jaeger;
using Pharos.Fuzz.Mutation;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Fuzz.Targets.Traces;

/// <summary>Datagrams of Jaeger's clients, in Thrift's binary or compact protocol: taken whole, or not at all.</summary>
internal sealed class JaegerDatagramTarget(string name, UdpProtocol protocol) : FuzzTarget
{
    public override string Name => name;

    public override InputForm Form => InputForm.Bytes;

    public override IReadOnlyList<string> Tokens => ["emitBatch", "emitZipkinBatch", "span.kind", "server", "error", "otel.status_code", "event", "\0\0\0\u0001", "\u007f\u00ff"];

    public override string Run(byte[] input)
    {
        var batch = new SpanBatch();
        var decoder = new UdpSpanDecoder(protocol, batch, TimeProvider.System);
        try
        {
            decoder.Decode(input);
            // A batch goes on being filled: the second time is as the first.
            var count = batch.Count;
            decoder.Decode(input);
            if (batch.Count != 2 * count)
            {
                throw new BrokenPromiseException($"{count} spans at first, {batch.Count - count} the second time");
            }
            return SpanShape.Of(batch);
        }
        catch (InvalidDataException bad)
        {
            return batch.Count == 0 ? Shape.Of(bad.Message) : throw new BrokenPromiseException($"{batch.Count} spans are left of what was refused");
        }
    }
}
