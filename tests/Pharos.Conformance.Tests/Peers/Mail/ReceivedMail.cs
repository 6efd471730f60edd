using System.Text.Json.Serialization;
using MimeKit;

namespace Pharos.Conformance.Tests.Peers.Mail;

/// <summary>A mail as the server saw it: how it came, its envelope, its bytes.</summary>
internal sealed record ReceivedMail(
    [property: JsonPropertyName("server")] string Server,
    [property: JsonPropertyName("mechanism")] string Mechanism,
    [property: JsonPropertyName("hello")] string Hello,
    [property: JsonPropertyName("tls")] bool Tls,
    [property: JsonPropertyName("from")] string From,
    [property: JsonPropertyName("to")] IReadOnlyList<string> To,
    [property: JsonPropertyName("mail")] byte[] Mail)
{
    public MimeMessage Read() => MimeMessage.Load(new MemoryStream(Mail));
}
