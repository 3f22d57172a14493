namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>A theory that is skipped, visibly, where node or npm is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodeTheoryAttribute : TheoryAttribute
{
    public NodeTheoryAttribute() => Skip = NodePrograms.Missing;
}
