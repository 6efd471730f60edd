namespace Pharos.Alerting.Notifications;

/// <summary>What an attempt said and what it heard, both without secrets and cut where they are long.</summary>
/// <param name="Status">Of an answer over HTTP; null where none came.</param>
public sealed record NotifyExchange(string Payload, bool IsPayloadCut, int? Status = null, string Answer = "");
