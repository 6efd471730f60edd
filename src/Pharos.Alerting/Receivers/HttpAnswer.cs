namespace Pharos.Alerting.Receivers;

internal sealed record HttpAnswer(int Status, string MediaType, string Body);
