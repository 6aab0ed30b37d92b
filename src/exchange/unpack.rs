//! Texts that stand inside of a file are taken out of it: all of them appear in their folder, with the manifest that lists them, or none.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::import::{look, write};
use super::{Import, Imported};
use crate::corpus::slashed;
use crate::error::{Error, Result};
use crate::inventory::{folder_of, or_here, refuse_taken};
use crate::journal;
use crate::manifest::TextPath;
use crate::stop::Stop;

/// What to take the texts out of, and where to.
#[derive(Clone, Copy, Debug)]
pub struct Unpack<'a> {
    /// The file.
    pub path: &'a Path,
    /// The same, relative to the folder of the manifest; `None` where it is not in or below that.
    pub below: Option<&'a str>,
    /// A folder that stands for that of the manifest.
    pub root: &'a Path,
    /// The folder for the texts, relative to `root`; it is not there yet.
    pub texts: &'a str,
    /// When to stop.
    pub stop: Stop<'a>,
}

/// Writes the texts of a file, and a manifest of them.
pub(super) fn import(import: &Import<'_>) -> Result<Imported> {
    let plan = Plan::new(import)?;
    if !import.dry {
        refuse_taken(&plan.manifest, import.force)?;
        journal::refuse_pending(&plan.folder)?;
        plan.refuse_taken()?;
    }
    let staging = plan.staging(import.dry)?;
    let mut package = import.format.unpack(&Unpack {
        path: import.path,
        below: plan.below.as_deref(),
        root: staging.path(),
        texts: &plan.texts,
        stop: import.stop,
    })?;
    package.root = staging.path().to_owned();
    package.unpacked = true;
    let imported = look(import, &package, plan.manifest.clone(), "")?;
    if !import.dry {
        plan.appear(staging.path())?;
        write(import, &imported).inspect_err(|_| plan.vanish())?;
    }
    Ok(imported)
}

/// Where everything goes.
struct Plan {
    manifest: PathBuf,
    folder: PathBuf,
    texts: String,
    below: Option<String>,
}

impl Plan {
    fn new(import: &Import<'_>) -> Result<Self> {
        let beside = import.path.parent().unwrap_or(Path::new("")).join("manifest.yaml");
        let manifest = import.output.map_or(beside, Path::to_owned);
        let folder = folder_of(&manifest);
        let real = |path: &Path| path.canonicalize().map_err(|error| Error::io("find", path, error));
        let base = real(or_here(&folder))?;
        let file = real(import.path)?;
        let texts = match import.texts {
            Some(texts) => below(&base, texts)?,
            None => stem(import.path),
        };
        TextPath::new(&texts).map_err(|why| Error::Usage(format!("the folder for the texts {why}")))?;
        Ok(Self {
            below: file.strip_prefix(&base).ok().map(slashed),
            manifest,
            folder,
            texts,
        })
    }

    fn target(&self) -> PathBuf {
        self.folder.join(&self.texts)
    }

    fn refuse_taken(&self) -> Result<()> {
        let target = self.target();
        if target.symlink_metadata().is_err() {
            return Ok(());
        }
        Err(Error::Refused(format!(
            "{} is there already; name another folder for the texts with `--texts`",
            target.display()
        )))
    }

    /// A folder beside the manifest, so that what is written there can be moved to its place.
    fn staging(&self, dry: bool) -> Result<tempfile::TempDir> {
        let folder = or_here(&self.folder);
        let mut builder = tempfile::Builder::new();
        let made = match dry {
            true => builder.tempdir(),
            false => builder.prefix(".vidimus-").suffix(".tmp").tempdir_in(folder),
        };
        made.map_err(|error| Error::io("write to", folder, error))
    }

    fn appear(&self, staging: &Path) -> Result<()> {
        self.refuse_taken()?;
        let target = self.target();
        let io = |error| Error::io("write", &target, error);
        fs::create_dir_all(target.parent().unwrap_or(Path::new(""))).map_err(io)?;
        fs::rename(staging.join(&self.texts), &target).map_err(io)
    }

    /// Takes back what has appeared, since no manifest lists it.
    fn vanish(&self) {
        // Where it cannot be removed, the error that is told already is the one that matters.
        let _ = fs::remove_dir_all(self.target());
    }
}

/// A path of the user, relative to a folder.
fn below(base: &Path, path: &Path) -> Result<String> {
    let outside = || Error::Usage(format!("{} is not below the folder of the manifest", path.display()));
    let absolute = std::path::absolute(path).map_err(|error| Error::io("find", path, error))?;
    // What is not there yet has no real path; the folders above it may be links.
    let known = absolute.ancestors().find_map(|up| Some((up, up.canonicalize().ok()?)));
    let (up, real) = known.ok_or_else(outside)?;
    let rest = absolute.strip_prefix(up).map_err(|_| outside())?;
    if rest.components().any(|part| !matches!(part, Component::Normal(_))) {
        return Err(outside());
    }
    let real = real.join(rest);
    let below = real.strip_prefix(base).map(slashed).map_err(|_| outside())?;
    Some(below).filter(|below| !below.is_empty()).ok_or_else(outside)
}

/// The name of a file without its endings.
fn stem(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    let stem = [".gz", ".zst", ".warc", ".wacz"]
        .iter()
        .fold(name.as_str(), |name, ending| name.strip_suffix(ending).unwrap_or(name));
    match stem {
        "" => "texts".to_owned(),
        stem if stem == name => format!("{stem}-texts"),
        stem => stem.to_owned(),
    }
}
