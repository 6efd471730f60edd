namespace Pharos.Alerting.Receivers.Sns;

/// <summary>One entry of <c>sns_configs</c>. Texts are templates. Who signs the requests is the client's matter.</summary>
public sealed record SnsOptions
{
    public bool SendResolved { get; init; } = true;

    /// <summary>Empty: the service's own address, <see cref="RegionalUrl"/>.</summary>
    public string ApiUrl { get; init; } = "";

    /// <summary>Not a template. Empty where nobody names a region.</summary>
    public string RegionalUrl { get; init; } = "";

    /// <summary>One of these three says where to. A topic whose name ends in <c>.fifo</c> orders and deduplicates.</summary>
    public string TopicArn { get; init; } = "";

    public string PhoneNumber { get; init; } = "";

    public string TargetArn { get; init; } = "";

    /// <summary>Empty: none.</summary>
    public string Subject { get; init; } = """{{ template "sns.default.subject" . }}""";

    public string Message { get; init; } = """{{ template "sns.default.message" . }}""";

    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();
}
