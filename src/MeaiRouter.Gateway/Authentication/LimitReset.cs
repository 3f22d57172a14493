namespace MeaiRouter.Gateway.Authentication;

/// <summary>When a key's limit starts anew, at midnight UTC. The names are OpenRouter's.</summary>
internal enum LimitReset
{
    None,
    Daily,
    Weekly,
    Monthly,
}
