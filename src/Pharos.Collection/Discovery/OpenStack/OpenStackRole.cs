namespace Pharos.Collection.Discovery.OpenStack;

public enum OpenStackRole
{
    Instance,
    Hypervisor,
    LoadBalancer,
}
