# node-gyp looks for this name. It is not shipped: several package managers would compile at every install.
{ "includes": ["native/addon.gypi"] }
