using Microsoft.Extensions.AI;

namespace MeaiRouter.Tests.Hosts;

/// <summary>Options with more in them, cloned by an override, as Semantic Kernel's are: its filters look for the kernel there.</summary>
internal sealed class KernelOptions : ChatOptions
{
    public KernelOptions(object kernel) => Kernel = kernel;

    private KernelOptions(KernelOptions other)
        : base(other) => Kernel = other.Kernel;

    public object Kernel { get; }

    public override ChatOptions Clone() => new KernelOptions(this);
}
