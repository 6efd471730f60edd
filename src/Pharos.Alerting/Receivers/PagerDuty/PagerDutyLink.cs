namespace Pharos.Alerting.Receivers.PagerDuty;

public sealed record PagerDutyLink(string Href, string Text = "");
