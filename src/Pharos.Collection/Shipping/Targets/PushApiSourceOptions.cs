namespace Pharos.Collection.Shipping.Targets;

/// <summary><c>loki_push_api</c>: takes pushes of other agents through the pipeline.</summary>
public sealed record PushApiSourceOptions : SourceOptions
{
    public override string Kind => "loki_push_api";

    /// <summary>Where the server listens for it.</summary>
    public string Host { get; init; } = "0.0.0.0";

    public required int Port { get; init; }
}
