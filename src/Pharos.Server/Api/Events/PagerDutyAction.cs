namespace Pharos.Server.Api.Events;

/// <summary>What an event asks for.</summary>
internal enum PagerDutyAction
{
    Trigger,
    Acknowledge,
    Resolve,
}
