using Pharos.Alerting.Notifications;

namespace Pharos.Conformance.Tests.Alerting;

/// <summary>Stands in the place of a webhook: hands on what it is told and answers as the script says.</summary>
internal sealed class ScriptedNotifier(string name, INotifier inPlaceOf, Func<string, Notification, NotifyResult> told) : INotifier
{
    public string Integration => inPlaceOf.Integration;

    public bool SendResolved => inPlaceOf.SendResolved;

    public ValueTask<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellation) =>
        ValueTask.FromResult(told(name, notification));
}
