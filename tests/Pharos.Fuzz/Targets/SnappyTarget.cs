using Pharos.Collection.Receivers.RemoteWrite;
using Pharos.Collection.RemoteStorage.Reading;
using Pharos.Collection.RemoteStorage.Writing;
using Pharos.Fuzz.Mutation;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Snappier;

namespace Pharos.Fuzz.Targets;

/// <summary>The compressed bodies of remote write and remote read as they come: a few bytes may claim any length.</summary>
internal sealed class SnappyTarget : FuzzTarget, IDisposable
{
    private readonly RemoteReadServer _server;

    public SnappyTarget() => _server = new RemoteReadServer(
        MetricStore.OpenInMemory(FuzzMeter.Instance), static () => LabelSet.Empty, new RemoteReadLimits(), FuzzMeter.Instance);

    public override string Name => "snappy";

    public override InputForm Form => InputForm.Bytes;

    public override IEnumerable<byte[]> MadeInputs() =>
        ProtobufInputs.WriteRequestsV1().Concat(ProtobufInputs.ReadRequests()).Select(static message => Snappy.CompressToArray(message));

    public override string Run(byte[] input)
    {
        var receiver = new RemoteWriteReceiver(MetricStore.OpenInMemory(FuzzMeter.Instance), TimeProvider.System, FuzzMeter.Instance);
        using var request = RemoteWriteReceiver.Unpack(input, out var fault);
        var written = request is null ? fault : receiver.Receive(request.Span, RemoteWriteMessage.V1).Reason;
        try
        {
            return $"{Shape.Of(written)} {_server.Answer(input).ContentType}";
        }
        catch (RemoteReadException refused)
        {
            return $"{Shape.Of(written)} {Shape.Of(refused.Message)}";
        }
    }

    public void Dispose() => _server.Dispose();
}
