using Pharos.Collection.RemoteStorage.Reading;
using Pharos.Fuzz.Mutation;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Snappier;

namespace Pharos.Fuzz.Targets;

/// <summary>A remote-read request, before it is compressed, and its whole answer.</summary>
internal sealed class RemoteReadTarget : FuzzTarget, IDisposable
{
    private readonly MetricStore _store = PromqlStore.Create();
    private readonly RemoteReadServer _server;

    public RemoteReadTarget() => _server = new RemoteReadServer(
        _store, static () => LabelSet.From(("region", "eu")), new RemoteReadLimits { Samples = 10_000 }, FuzzMeter.Instance);

    public override string Name => "remote-read";

    public override InputForm Form => InputForm.Protobuf;

    /// <summary>Each query of a few bytes is answered with all the samples it asks for.</summary>
    public override long BytesPerInputByte => 200_000;

    /// <inheritdoc cref="BytesPerInputByte"/>
    public override TimeSpan MaxTime => TimeSpan.FromSeconds(20);

    public override IEnumerable<byte[]> MadeInputs() => ProtobufInputs.ReadRequests();

    public override string Run(byte[] input)
    {
        try
        {
            var answer = _server.Answer(Snappy.CompressToArray(input));
            using var body = new MemoryStream();
            answer.WriteAsync(body, CancellationToken.None).GetAwaiter().GetResult();
            return $"{answer.ContentType}{Shape.Of(body.Length)}";
        }
        catch (RemoteReadException refused)
        {
            return $"{refused.Status}{Shape.Of(refused.Message)}";
        }
    }

    public void Dispose() => _server.Dispose();
}
