namespace Pharos.Alerting.Durability;

/// <summary>On disk: a notification that is about to be sent.</summary>
/// <param name="Group">The group's identity.</param>
/// <param name="Firing">What it calls firing.</param>
internal sealed record StoredIntent(string Group, ulong[] Firing);
