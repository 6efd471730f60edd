namespace Pharos.Collection.Discovery.Hetzner;

public enum HetznerRole
{
    Cloud,
    Robot,
}
