namespace Pharos.Server.Outbound.Aws;

/// <summary>Keys that sign requests, and until when they do.</summary>
internal sealed record AwsCredentials(string AccessKey, string SecretKey)
{
    /// <summary>Of temporary keys; empty for others.</summary>
    public string SessionToken { get; init; } = "";

    public DateTimeOffset Expires { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>The record's own text would show the keys.</summary>
    public override string ToString() => "<secret>";
}
