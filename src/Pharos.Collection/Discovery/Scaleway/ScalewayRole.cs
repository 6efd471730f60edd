namespace Pharos.Collection.Discovery.Scaleway;

public enum ScalewayRole
{
    Instance,
    Baremetal,
}
