using Pharos.Collection.RemoteStorage.Writing;

namespace Pharos.Collection.Receivers.RemoteWrite;

/// <summary>Which message a Content-Type header announces, by the rules and with the words of Prometheus.</summary>
public static class RemoteWriteContentType
{
    public const string Protobuf = "application/x-protobuf";

    public static string NameOf(RemoteWriteMessage message) =>
        message == RemoteWriteMessage.V2 ? "io.prometheus.write.v2.Request" : "prometheus.WriteRequest";

    /// <summary>The message that a name stands for, or null.</summary>
    public static RemoteWriteMessage? Named(string name) => name switch
    {
        "prometheus.WriteRequest" => RemoteWriteMessage.V1,
        "io.prometheus.write.v2.Request" => RemoteWriteMessage.V2,
        _ => null,
    };

    /// <summary>A header that is missing, or that names no message, announces 1.0.</summary>
    /// <returns>Null where <paramref name="fault"/> says why the header is refused.</returns>
    public static RemoteWriteMessage? Read(string? header, out string? fault)
    {
        fault = null;
        if (string.IsNullOrEmpty(header))
        {
            return RemoteWriteMessage.V1;
        }
        var content = header.Trim();
        var parts = content.Split(';');
        if (parts[0] != Protobuf)
        {
            fault = $"expected {Protobuf} as the first (media) part, got {content} content-type";
            return null;
        }
        foreach (var part in parts.Skip(1))
        {
            var pair = part.Trim().Split('=');
            if (pair.Length != 2)
            {
                fault = "as per https://www.rfc-editor.org/rfc/rfc9110#parameter expected parameters to be key-values, "
                    + $"got {part} in {content} content-type";
                return null;
            }
            if (pair[0] == "proto")
            {
                var message = Named(pair[1]);
                fault = message is null ? $"got {content} content type; unknown type for remote write protobuf message {pair[1]}, "
                    + $"supported: {NameOf(RemoteWriteMessage.V1)}, {NameOf(RemoteWriteMessage.V2)}" : null;
                return message;
            }
        }
        return RemoteWriteMessage.V1;
    }
}
