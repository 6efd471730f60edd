using System.Text.Json.Nodes;

namespace Pharos.Cli.Demo;

/// <summary>One message that left Pharos, as the sink caught it.</summary>
/// <param name="Kind"><c>slack</c>, <c>email</c>, <c>pagerduty</c> or <c>webhook</c>.</param>
/// <param name="Status"><c>firing</c>, <c>resolved</c>, or empty where the message does not say.</param>
/// <param name="Receiver">Slack channel, mail address, or the name of the paging service.</param>
/// <param name="Payload">What came over the wire: the JSON body, or a mail's headers and parts.</param>
internal sealed record SinkMessage(
    long Id, DateTimeOffset ReceivedAt, string Kind, string Title, string Summary, string Status, string Receiver,
    JsonNode? Payload);
