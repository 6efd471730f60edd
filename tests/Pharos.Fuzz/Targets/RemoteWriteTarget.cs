using Pharos.Collection.Receivers.RemoteWrite;
using Pharos.Collection.RemoteStorage.Writing;
using Pharos.Fuzz.Mutation;
using Pharos.Storage.Metrics;

namespace Pharos.Fuzz.Targets;

/// <summary>A remote-write request, before it is compressed; twice, so that its series are known when they come again.</summary>
internal sealed class RemoteWriteTarget(string name, RemoteWriteMessage message) : FuzzTarget
{
    public override string Name => name;

    public override InputForm Form => InputForm.Protobuf;

    public override IEnumerable<byte[]> MadeInputs() =>
        message == RemoteWriteMessage.V2 ? ProtobufInputs.WriteRequestsV2() : ProtobufInputs.WriteRequestsV1();

    public override string Run(byte[] input)
    {
        var store = MetricStore.OpenInMemory(FuzzMeter.Instance);
        var receiver = new RemoteWriteReceiver(store, TimeProvider.System, FuzzMeter.Instance);
        var outcome = receiver.Receive(input, message);
        if (receiver.Receive(input, message).Malformed != outcome.Malformed)
        {
            throw new BrokenPromiseException("a request that comes again is read as another");
        }
        StoredSamples.ReadAll(store);
        return $"{outcome.Malformed}{Shape.Of(outcome.Samples)}{Shape.Of(outcome.Histograms)}{Shape.Of(outcome.Exemplars)}{Shape.Of(outcome.Refused)}" +
            Shape.Of(outcome.Reason);
    }
}
