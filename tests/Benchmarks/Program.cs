using BenchmarkDotNet.Running;
using MeaiRouter.Benchmarks;
using MeaiRouter.Benchmarks.Gateway;

// The gateway is measured from outside, as a process; everything else by BenchmarkDotNet.
switch (args)
{
    case ["gateway", .. var rest]:
        await LoadComparison.RunAsync(rest);
        break;
    case [ProviderServer.Command, var address]:
        await ProviderServer.RunAsync(address);
        break;
    case [BareForwarder.Command, var address, var target]:
        await BareForwarder.RunAsync(address, target);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, new Settings());
        break;
}
