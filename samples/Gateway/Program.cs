using MeaiRouter.Configuration;
using MeaiRouter.Gateway.Checking;
using Samples.Gateway;

if (Arguments.ErrorIn(args) is { } mistake)
{
    await Console.Error.WriteLineAsync($"{mistake}\n{Arguments.Usage}");
    return 1;
}

try
{
    // check explains the configuration instead of serving it.
    var isCheck = args is ["check", ..];
    var asJson = isCheck && args.Contains("--json");
    string[] settings = isCheck ? [.. args.Skip(1).Where(static argument => argument != "--json")] : args;

    // appsettings.json lies beside the program, wherever it is started from.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = settings, ContentRootPath = AppContext.BaseDirectory });
    builder.WebHost.ConfigureKestrel(server => server.AddServerHeader = false);
    var isConfigured = Sources.AddTo(builder.Configuration);
    if (isCheck)
    {
        var report = ConfigurationCheck.Run(builder.Configuration, builder.Configuration["model"]);
        Console.WriteLine(asJson ? report.ToJson() : report.ToString());
        return report.IsUsable ? 0 : 1;
    }

    // Without any configuration there is nothing to serve but a demonstration; a wrong one must not end in it.
    await using var demo = isConfigured ? null : await Demo.StartAsync(builder.Configuration);

    builder.Services.AddMeaiRouterGateway(builder.Configuration);

    await using var app = builder.Build();
    app.MapMeaiRouter();
    await app.StartAsync();
    if (demo is not null)
        Demo.Describe(app.Urls);
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception exception) when (exception is MeaiRouterConfigurationException or IOException)
{
    // What the operator can mend: the configuration, a file that is not there, a port that is taken.
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}
catch (InvalidDataException exception)
{
    // A file that is not JSON; only the innermost message knows the line.
    await Console.Error.WriteLineAsync($"{exception.Message} {exception.GetBaseException().Message}");
    return 1;
}
