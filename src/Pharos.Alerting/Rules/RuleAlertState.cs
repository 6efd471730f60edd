namespace Pharos.Alerting.Rules;

/// <summary>In ascending order of gravity: a rule's state is the gravest of its alerts'.</summary>
public enum RuleAlertState
{
    Inactive,
    Pending,
    Firing,
}
