namespace Pharos.Alerting.Receivers.PagerDuty;

public sealed record PagerDutyImage(string Src, string Alt = "", string Href = "");
