using Pharos.Storage.Traces;

namespace Pharos.Collection.Receivers.Zipkin.V1;

/// <summary>What zipkinCore.thrift reserves of annotations' values and binary annotations' keys.</summary>
internal static class CoreKeys
{
    public const string ClientSend = "cs";
    public const string ClientReceive = "cr";
    public const string ServerReceive = "sr";
    public const string ServerSend = "ss";
    public const string MessageSend = "ms";
    public const string MessageReceive = "mr";
    public const string LocalComponent = "lc";
    public const string ServerAddress = "sa";
    public const string ClientAddress = "ca";
    public const string MessageAddress = "ma";

    /// <summary>The kind that an annotation's value gives to its span; none where it is no core annotation.</summary>
    public static SpanKind KindOf(string annotation) => annotation switch
    {
        ClientSend or ClientReceive => SpanKind.Client,
        ServerReceive or ServerSend => SpanKind.Server,
        MessageSend => SpanKind.Producer,
        MessageReceive => SpanKind.Consumer,
        _ => SpanKind.Unspecified,
    };

    public static bool IsAddress(string key) => key is ServerAddress or ClientAddress or MessageAddress;
}
