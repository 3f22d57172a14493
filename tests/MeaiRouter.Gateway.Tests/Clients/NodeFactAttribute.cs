namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>A fact that is skipped, visibly, where node or npm is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute() => Skip = NodePrograms.Missing;
}
