namespace Pharos.Collection.Shipping.Targets;

/// <summary><c>gelf</c>: listens for Graylog's messages on UDP.</summary>
public sealed record GelfSourceOptions : SourceOptions
{
    public override string Kind => "gelf";

    public string Host { get; init; } = "0.0.0.0";

    public int Port { get; init; } = 12201;
}
